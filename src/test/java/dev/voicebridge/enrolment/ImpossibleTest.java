package dev.voicebridge.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.enrolment.EnrolledVoice.Status;
import dev.voicebridge.enrolment.Impossible.Speaking;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImpossibleTest {
  private static final Faq.Limits LIMITS = new Faq.Limits(10_000, 5_000, 2_000, 60_000, 0.6, 20);
  private static final Catalogue CATALOGUE = Catalogue.load();
  private static final Sample URL = new Sample.AtUrl("https://h/a.wav");

  private static List<String> codes(List<Diagnosis> found) {
    return found.stream().map(Diagnosis::code).toList();
  }

  private static EnrolledVoice voice(String target, Status status) {
    return EnrolledVoice.of("v-1", target, status);
  }

  @ParameterizedTest
  @CsvSource({
    "https://dashscope.aliyuncs.com, BEIJING",
    "https://DASHSCOPE.aliyuncs.com/, BEIJING",
    "https://llm-x.cn-beijing.maas.aliyuncs.com, BEIJING",
    "https://dashscope-intl.aliyuncs.com, SINGAPORE",
    "https://llm-x.ap-southeast-1.maas.aliyuncs.com, SINGAPORE",
    "http://127.0.0.1:8080, UNKNOWN",
    "https://dashscope-intl.aliyuncs.com.evil.example, UNKNOWN",
    "nonsense, UNKNOWN",
  })
  void theRegionIsInTheHost(String url, Region region) {
    assertEquals(region, Region.of(url));
  }

  @ParameterizedTest
  @CsvSource({
    "cosyvoice-v3.5-plus, SINGAPORE, wrong_region",
    "cosyvoice-v3.5-flash, SINGAPORE, wrong_region",
    "cosyvoice-v3-plus, SINGAPORE, wrong_region",
    "cosyvoice-v3-flash, SINGAPORE, wrong_region",
    "'', SINGAPORE, wrong_region",
    "cosyvoice-v3.5-plus, BEIJING, ",
    "cosyvoice-v3-flash, UNKNOWN, ",
    "cosyvoice-v9-new, SINGAPORE, ",
    "qwen3-tts-vc-realtime-2026-01-15, BEIJING, provider_model_mismatch",
    "FunAudioLLM/CosyVoice2-0.5B, BEIJING, provider_model_mismatch",
  })
  void aCloneIsJudgedByModelAndRegion(
      String model, Region region, @org.jspecify.annotations.Nullable String code) {
    assertEquals(
        code == null ? List.of() : List.of(code),
        codes(Impossible.check(Provider.COSYVOICE, new CloneRequest(model, "anna", URL), region)));
  }

  @Test
  void aDesignIsForModelsThatCan() {
    DesignRequest request =
        new DesignRequest("cosyvoice-v2", "narr", "低沉的男声", "各位听众朋友，大家晚上好，欢迎收听。", "zh");
    assertEquals(
        List.of("design_unsupported"),
        codes(Impossible.check(Provider.COSYVOICE, request, Region.BEIJING)));
    assertEquals(
        List.of("preview_format_unsupported"),
        codes(
            Impossible.check(
                Provider.COSYVOICE,
                new DesignRequest("", "narr", "低沉的男声", request.previewText(), "zh", 8000, "opus"),
                Region.BEIJING)));
    assertEquals(
        List.of("operation_unsupported"),
        codes(Impossible.check(Provider.SILICONFLOW, request, Region.UNKNOWN)));
  }

  @Test
  void theSampleFitsTheProvider() {
    Sample tenMb = new Sample.Inline(Buffer.buffer(new byte[10 * 1024 * 1024]), "audio/wav");
    Sample eightMb = new Sample.Inline(Buffer.buffer(new byte[8 * 1024 * 1024]), "audio/wav");

    assertEquals(List.of(), Impossible.check(Provider.COSYVOICE, tenMb));
    assertEquals(List.of("sample_too_large"), codes(Impossible.check(Provider.QWEN, eightMb)));
    assertEquals(
        List.of("sample_empty"),
        codes(Impossible.check(Provider.QWEN, new Sample.Inline(Buffer.buffer(), "audio/wav"))));
    assertEquals(
        List.of("sample_url_scheme"),
        codes(Impossible.check(Provider.COSYVOICE, new Sample.AtUrl("file:///etc/passwd"))));
  }

  @Test
  void languageAndLengthFitTheModel() {
    assertEquals(
        List.of("wrong_language", "prompt_length_out_of_range"),
        codes(
            Impossible.check(
                Provider.COSYVOICE,
                new CloneRequest("cosyvoice-v3-flash", "a", URL, "th", null, 2.9, null),
                Region.BEIJING)));
  }

  @Test
  void speakingIsJudgedByWhatIsKnownOfTheVoice() {
    assertEquals(
        List.of(),
        Impossible.check(
            new Speaking(
                "cosyvoice-v3-flash", voice("cosyvoice-v3-flash", Status.OK), Region.BEIJING),
            CATALOGUE));
    assertEquals(
        List.of(
            "foreign_account",
            "foreign_region",
            "model_differs_from_target",
            "voice_not_ready",
            "wrong_region",
            "wrong_language"),
        codes(
            Impossible.check(
                new Speaking(
                    "cosyvoice-v3.5-plus",
                    voice("cosyvoice-v3-flash", Status.DEPLOYING),
                    "ar",
                    Region.SINGAPORE,
                    Region.BEIJING,
                    "mine",
                    "theirs"),
                CATALOGUE)));
  }

  @Test
  void aSilentCloneIsExplainedFromEvidence() {
    Speaking early =
        new Speaking("cosyvoice-v2", voice("cosyvoice-v2", Status.DEPLOYING), Region.BEIJING);
    Speaking fine = new Speaking("cosyvoice-v2", voice("cosyvoice-v2", Status.OK), Region.BEIJING);
    JsonObject good =
        new JsonObject(
            "{\"file\":{\"duration_ms\":15000},\"measures\":{\"speech_ms\":13000,\"longest_continuous_ms\":7000,\"longest_pause_ms\":700,\"speech_ratio\":0.86,\"snr_db\":40,\"clipped_ms\":0},\"findings\":[]}");

    assertEquals(List.of("voice_not_ready"), codes(Faq.silent(early, CATALOGUE, good, LIMITS)));
    assertEquals(List.of("silent_cause_unknown"), codes(Faq.silent(fine, CATALOGUE, good, LIMITS)));
    assertEquals(
        List.of("silent_status_unknown"), codes(Faq.silent(null, CATALOGUE, null, LIMITS)));
    assertEquals(List.of("unstable_cause_unknown"), codes(Faq.unstable(good, LIMITS)));
  }

  @Test
  void anUnstableCloneIsExplainedFromItsSample() {
    JsonObject bad =
        new JsonObject(
            "{\"file\":{\"duration_ms\":8000},\"measures\":{\"speech_ms\":4000,\"longest_continuous_ms\":1500,\"longest_pause_ms\":3200,\"speech_ratio\":0.5,\"snr_db\":8,\"clipped_ms\":90}}");

    List<Diagnosis> causes = Faq.unstable(bad, LIMITS);

    assertEquals(
        List.of(
            "sample_poor_speech",
            "sample_pauses",
            "sample_speech_ratio",
            "sample_length",
            "sample_noise",
            "sample_clipping"),
        codes(causes));
    assertTrue(causes.get(1).cause().en().contains("3.2 s"));
    assertEquals(
        List.of("sample_defect"),
        codes(
            Faq.unstable(
                new JsonObject(
                    "{\"measures\":7,\"findings\":[{\"code\":\"echo\",\"severity\":\"error\"}]}"),
                LIMITS)));
  }
}
