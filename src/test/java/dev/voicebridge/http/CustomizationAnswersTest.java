package dev.voicebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.enrolment.Preview;
import dev.voicebridge.library.Made;
import dev.voicebridge.voice.Voice;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CustomizationAnswersTest {
  private static final Instant MORNING = Instant.parse("2026-03-02T01:15:00.123Z");

  static Voice.Editor cosyVoice(String prefix) {
    return Voice.draft(
            prefix + "-x",
            Voice.DASHSCOPE,
            "cosyvoice",
            "cosyvoice-v3-flash",
            Voice.Origin.CLONED,
            "anna",
            MORNING)
        .displayName(prefix)
        .state(Voice.State.OK)
        .providerVoiceId("cosyvoice-v3-flash-" + prefix + "-5f0c");
  }

  static Voice.Editor qwen(String kind, String name) {
    return Voice.draft(
            kind + name,
            Voice.DASHSCOPE,
            "qwen",
            "qwen3-tts-" + kind + "-2026-01-22",
            kind.equals("vd") ? Voice.Origin.DESIGNED : Voice.Origin.CLONED,
            "anna",
            MORNING)
        .state(Voice.State.OK)
        .providerVoiceId("qwen-tts-" + kind + "-" + name + "-voice-1-7f3a");
  }

  private static Made made(Voice voice, @Nullable Preview preview, JsonObject remarks) {
    return new Made(voice, false, null, List.of(), preview, List.of(), remarks, null);
  }

  @Test
  void aCloneSaysItsIdAndNothingElse() {
    assertEquals(
        new JsonObject().put("voice_id", "cosyvoice-v3-flash-anna-5f0c"),
        CustomizationAnswers.made(
            CustomizationApi.COSYVOICE, made(cosyVoice("anna").done(), null, new JsonObject())));
  }

  @Test
  void aQwenCloneSaysItsModelAndWhatTheVendorRemarked() {
    assertEquals(
        new JsonObject()
            .put("target_model", "qwen3-tts-vc-2026-01-22")
            .put("voice", "qwen-tts-vc-anna-voice-1-7f3a")
            .put("fallback_mode", true),
        CustomizationAnswers.made(
            CustomizationApi.QWEN_CLONE,
            made(
                qwen("vc", "anna").done(),
                null,
                new JsonObject().put("fallback_mode", true).put("voice", "another"))));
  }

  @Test
  void aDesignCanBeHeard() {
    assertEquals(
        new JsonObject()
            .put(
                "preview_audio",
                new JsonObject()
                    .put("data", "UklGRg==")
                    .put("sample_rate", 24_000)
                    .put("response_format", "wav"))
            .put("target_model", "cosyvoice-v3-flash")
            .put("voice_id", "cosyvoice-v3-flash-anna-5f0c"),
        CustomizationAnswers.made(
            CustomizationApi.COSYVOICE,
            made(
                cosyVoice("anna").done(),
                new Preview(Buffer.buffer("RIFF"), "wav", 24_000),
                new JsonObject())));
  }

  @Test
  void aListIsPagedFromNought() {
    List<Voice> voices =
        List.of(cosyVoice("a").done(), cosyVoice("b").done(), cosyVoice("c").done());

    assertEquals(
        new JsonObject()
            .put(
                "voice_list",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("voice_id", "cosyvoice-v3-flash-c-5f0c")
                            .put("gmt_create", "2026-03-02 09:15:00")
                            .put("gmt_modified", "2026-03-02 09:15:00")
                            .put("target_model", "cosyvoice-v3-flash")
                            .put("status", "OK"))),
        CustomizationAnswers.list(CustomizationApi.COSYVOICE, voices, 1, 2));
    assertEquals(
        new JsonObject().put("voice_list", new JsonArray()),
        CustomizationAnswers.list(CustomizationApi.COSYVOICE, voices, 1_000_000, 1000));
  }

  @Test
  void aQwenListCounts() {
    JsonObject list =
        CustomizationAnswers.list(
            CustomizationApi.QWEN_DESIGN,
            List.of(
                qwen("vd", "a").language("en").design(new Voice.Design("Calm.", "Hello.")).done(),
                qwen("vd", "b").done()),
            0,
            1);

    assertEquals(
        new JsonObject()
            .put("page_index", 0)
            .put("page_size", 1)
            .put("total_count", 2)
            .put(
                "voice_list",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("voice", "qwen-tts-vd-a-voice-1-7f3a")
                            .put("gmt_create", "2026-03-02 09:15:00.123")
                            .put("gmt_modified", "2026-03-02 09:15:00.123")
                            .put("target_model", "qwen3-tts-vd-2026-01-22")
                            .put("language", "en")
                            .put("voice_prompt", "Calm.")
                            .put("preview_text", "Hello."))),
        list);
  }

  @Test
  void aQueryHasTheLinkThatTheJavaClientWants() {
    JsonObject clone =
        CustomizationAnswers.query(
            CustomizationApi.COSYVOICE, cosyVoice("anna").state(Voice.State.FAILED).done());
    JsonObject design =
        CustomizationAnswers.query(
            CustomizationApi.COSYVOICE,
            cosyVoice("anna")
                .origin(Voice.Origin.DESIGNED)
                .design(new Voice.Design("Calm.", "Hello."))
                .done());

    assertEquals("", clone.getString("resource_link"));
    assertEquals("UNDEPLOYED", clone.getString("status"));
    assertFalse(clone.containsKey("voice_id"));
    assertEquals("", design.getString("resource_link"));
    assertEquals("cosyvoice-v3-flash-anna-5f0c", design.getString("voice_id"));
    assertEquals("Calm.", design.getString("voice_prompt"));
  }

  @Test
  void statesAreTheVendors() {
    assertEquals("DEPLOYING", CustomizationAnswers.status(Voice.State.PENDING));
    assertEquals("DEPLOYING", CustomizationAnswers.status(Voice.State.DEPLOYING));
    assertEquals("OK", CustomizationAnswers.status(Voice.State.OK));
  }

  @Test
  void aPrefixIsReadFromTheVendorsIdAndNotFromItsModel() {
    Voice renamed = cosyVoice("anna").displayName("bert").done();
    Voice designed = cosyVoice("anna").providerVoiceId("cosyvoice-v3-flash-vd-narr-0a1b").done();
    Voice opaque = cosyVoice("x").targetModel("").providerVoiceId("v-anna-1").done();

    assertTrue(CustomizationAnswers.hasPrefix(renamed, "anna"));
    assertFalse(CustomizationAnswers.hasPrefix(renamed, "bert"));
    assertFalse(CustomizationAnswers.hasPrefix(renamed, "flash"));
    assertFalse(CustomizationAnswers.hasPrefix(renamed, "ann"));
    assertTrue(CustomizationAnswers.hasPrefix(designed, "narr"));
    assertTrue(CustomizationAnswers.hasPrefix(opaque, "anna"));
    assertTrue(CustomizationAnswers.hasPrefix(opaque, "x"));
  }

  @Test
  void eachInterfaceShowsItsOwn() {
    Voice clone = qwen("vc", "a").done();
    Voice found =
        qwen("vd", "a").origin(Voice.Origin.FOUND).targetModel("qwen3-tts-vd-2026-01-26").done();

    assertTrue(CustomizationApi.QWEN_CLONE.shows(clone));
    assertFalse(CustomizationApi.QWEN_DESIGN.shows(clone));
    assertTrue(CustomizationApi.QWEN_DESIGN.shows(found));
    assertFalse(CustomizationApi.COSYVOICE.shows(clone));
    assertFalse(CustomizationApi.COSYVOICE.shows(cosyVoice("a").providerVoiceId(null).done()));
  }
}
