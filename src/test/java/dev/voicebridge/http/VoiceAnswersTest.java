package dev.voicebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.enrolment.Preview;
import dev.voicebridge.library.Made;
import dev.voicebridge.sample.MendedSample;
import dev.voicebridge.sample.SampleDoctor;
import dev.voicebridge.voice.StoreHealth;
import dev.voicebridge.voice.TestVoices;
import dev.voicebridge.voice.Voice;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VoiceAnswersTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private final VoiceAnswers answers = new VoiceAnswers(() -> NOON);

  @Test
  void aVoiceIsToldWholeButNotWhoseAccountItCameFrom() {
    JsonObject json = answers.voice(TestVoices.full("v-1"), false);

    assertEquals(
        new JsonObject(
            """
            {"id": "v-1", "object": "voice", "name": "外婆的声音", "provider": "cosyvoice",
             "vendor": "dashscope", "provider_voice_id": "speech:Anna: la voce:x y:v-1",
             "target_model": "cosyvoice-v3.5-plus", "status": "ok", "vendor_status": "OK",
             "usable": true, "language": "zh", "origin": "cloned", "owner": "anna",
             "tags": ["family", "warm"],
             "consent": {"said_by": "anna", "how": "stated", "at": "2026-01-02T12:00:00Z"},
             "sample": {"sha256": "%s", "source": "inline"},
             "design": {"description": "A calm narrator", "preview_text": "Good evening"},
             "take": false, "preview": "/v1/voices/v-1/preview",
             "region": "cn-beijing", "created_at": "2026-01-02T12:00:00Z",
             "modified_at": "2026-01-02T12:00:05Z", "last_used_at": null,
             "disused_warning": false}
            """
                .formatted("ab".repeat(32))),
        json);
    assertEquals("f00d", answers.voice(TestVoices.full("v-1"), true).getString("account"));
  }

  @ParameterizedTest
  @CsvSource({"334, false", "336, true"})
  void aVoiceNearItsYearOfDisuseIsMarked(long days, boolean marked) {
    VoiceAnswers later = new VoiceAnswers(() -> NOON.plusSeconds(days * 86_400));

    assertEquals(marked, later.voice(TestVoices.full("v-1"), false).getBoolean("disused_warning"));
  }

  @Test
  void onlyAVoiceThatIsReadyIsUsable() {
    Voice voice = TestVoices.full("v-1");

    for (Voice.State state : Voice.State.values()) {
      assertEquals(
          state == Voice.State.OK,
          answers.voice(voice.edit().state(state).done(), false).getBoolean("usable"));
    }
    assertFalse(
        answers.voice(voice.edit().providerVoiceId(null).done(), false).getBoolean("usable"));
  }

  @Test
  void whatWasWrittenOnceIsNotWrittenAgainForTheSameReader() {
    Voice voice = TestVoices.full("v-1");

    assertSame(answers.encoded(voice, false), answers.encoded(voice, false));
    assertTrue(Buffer.buffer(answers.encoded(voice, true)).toJsonObject().containsKey("account"));
    assertFalse(Buffer.buffer(answers.encoded(voice, false)).toJsonObject().containsKey("account"));
  }

  @Test
  void aListSaysHowTheLibraryIs() {
    JsonArray quota = new JsonArray().add(new JsonObject().put("used", 3));

    JsonObject list =
        answers
            .list(
                List.of(TestVoices.full("a"), TestVoices.full("b")),
                7,
                false,
                quota,
                new StoreHealth(StoreHealth.State.FROM_MEMORY, NOON, "the store is \"away\""))
            .toJsonObject();

    assertEquals("list", list.getString("object"));
    assertEquals(7, list.getInteger("total"));
    assertEquals(quota, list.getJsonArray("quota"));
    assertEquals("b", list.getJsonArray("data").getJsonObject(1).getString("id"));
    assertEquals(
        new JsonObject()
            .put("state", "from_memory")
            .put("since", NOON.toString())
            .put("detail", "the store is \"away\""),
        list.getJsonObject("library"));
    assertEquals(
        0,
        answers
            .list(List.of(), 0, false, quota, new StoreHealth(StoreHealth.State.OK, NOON, null))
            .toJsonObject()
            .getJsonArray("data")
            .size());
  }

  @Test
  void whatWasMadeIsToldWithAllThatHappened() {
    JsonObject made =
        answers.made(
            new Made(
                TestVoices.full("v-1"),
                false,
                SampleDoctor.examine(new byte[0], null),
                List.of(MendedSample.Step.TRIMMED),
                new Preview(Buffer.buffer("RIFF"), "wav", 24_000),
                List.of("enable_preprocess"),
                new JsonObject().put("fallback_mode", true),
                "你好"),
            false);

    assertEquals("v-1", made.getJsonObject("voice").getString("id"));
    assertEquals(false, made.getBoolean("existing"));
    assertEquals("inline", made.getString("sample_route"));
    JsonObject step = made.getJsonArray("mending").getJsonObject(0);
    assertEquals("trimmed", step.getString("step"));
    assertTrue(step.containsKey("zh") && step.containsKey("en"));
    assertEquals(
        new JsonObject().put("data", "UklGRg==").put("format", "wav").put("sample_rate", 24_000),
        made.getJsonObject("preview"));
    assertEquals(List.of("enable_preprocess"), made.getJsonArray("left_out").getList());
    assertEquals("你好", made.getString("transcript"));
    assertTrue(made.getJsonObject("report").containsKey("verdicts"));
  }

  @Test
  void aReportSaysWhoCanHaveAMendedSample() {
    JsonObject report = VoiceAnswers.report(SampleDoctor.examine(new byte[] {1}, null));

    assertEquals(
        new JsonObject().put("cosyvoice", false).put("qwen", false).put("siliconflow", false),
        report.getJsonObject("mended"));
  }
}
