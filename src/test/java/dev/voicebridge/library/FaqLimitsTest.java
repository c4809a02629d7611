package dev.voicebridge.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.enrolment.Faq;
import dev.voicebridge.sample.Provider;
import dev.voicebridge.sample.SampleDoctor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The FAQ blames a sample for what the doctor would refuse it for, and for nothing else. */
final class FaqLimitsTest {
  /**
   * @param off by how much each number misses its limit
   */
  private static List<String> blamed(Provider provider, int off) {
    JsonObject report =
        new JsonObject()
            .put("file", new JsonObject().put("duration_ms", provider.maxDurationMs() + off))
            .put(
                "measures",
                new JsonObject()
                    .put("speech_ms", provider.minSpeechMs() - off)
                    .put("longest_continuous_ms", provider.minRunMs() - off)
                    .put("longest_pause_ms", Provider.MAX_PAUSE_MS + off)
                    .put("speech_ratio", Provider.MIN_SPEECH_RATIO - off / 100.0)
                    .put("snr_db", SampleDoctor.POOR_SNR_DB - off));
    return Faq.unstable(report, FaqLimits.of(provider)).stream().map(Diagnosis::code).toList();
  }

  @ParameterizedTest
  @EnumSource
  void whatTheDoctorTakesIsNoCause(Provider provider) {
    assertEquals(List.of("unstable_cause_unknown"), blamed(provider, 0));
  }

  @ParameterizedTest
  @EnumSource
  void whatTheDoctorRefusesIsACause(Provider provider) {
    assertEquals(
        List.of(
            "sample_poor_speech",
            "sample_pauses",
            "sample_speech_ratio",
            "sample_length",
            "sample_noise"),
        blamed(provider, 1));
  }

  @Test
  void whatWasMendedIsNoCause() {
    JsonObject report =
        new JsonObject(
            """
            {"file": {"duration_ms": 70000}, "measures": {"longest_pause_ms": 4000, "snr_db": 5},
             "findings": [{"code": "open_header", "severity": "warning"}],
             "after_mending": {"file": {"duration_ms": 20000},
               "measures": {"longest_pause_ms": 600, "snr_db": 5}, "findings": []}}
            """);

    assertEquals(
        List.of("sample_noise"),
        Faq.unstable(report, FaqLimits.of(Provider.COSYVOICE)).stream()
            .map(Diagnosis::code)
            .toList());
  }

  @Test
  void aShortSampleIsNoCauseWhereTheProviderTakesIt() {
    JsonObject report =
        new JsonObject("{\"measures\":{\"speech_ms\":4000,\"longest_continuous_ms\":3500}}");

    assertEquals(
        List.of("unstable_cause_unknown"),
        Faq.unstable(report, FaqLimits.of(Provider.QWEN)).stream().map(Diagnosis::code).toList());
    assertEquals(
        List.of("sample_poor_speech"),
        Faq.unstable(report, FaqLimits.of(Provider.COSYVOICE)).stream()
            .map(Diagnosis::code)
            .toList());
  }
}
