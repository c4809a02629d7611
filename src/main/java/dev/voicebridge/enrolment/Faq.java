package dev.voicebridge.enrolment;

import dev.voicebridge.catalogue.Catalogue;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two questions that everybody asks: why is my clone silent, why is it unstable. Answered from
 * what is known of the voice, not from a list of maybes. Any thread.
 *
 * <p>A sample's report is read as JSON and leniently: {@code file.duration_ms}; {@code
 * measures{speech_ms, longest_continuous_ms, longest_pause_ms, speech_ratio, snr_db, clipped_ms}};
 * {@code findings[{code, severity}]}. What it lacks proves nothing. Where it has {@code
 * after_mending}, a report of the same form, that one counts: it is of what the vendor got.
 */
public final class Faq {
  private Faq() {}

  /**
   * What a sample must keep to, given by whoever knows how samples are judged: nothing is called a
   * cause here that was fine when the sample was examined.
   *
   * @param minSpeechMs least effective speech
   * @param minRunMs least for the longest speech without a pause
   * @param maxPauseMs most for the longest pause
   * @param maxDurationMs most for the whole
   * @param minSpeechRatio least speech in the whole, 0–1
   * @param minSnrDb least speech over noise
   */
  public record Limits(
      int minSpeechMs,
      int minRunMs,
      int maxPauseMs,
      int maxDurationMs,
      double minSpeechRatio,
      double minSnrDb) {}

  /**
   * Why nothing is heard: status, model, account and region first, the sample last.
   *
   * @param sampleReport null: the sample was never looked at
   * @param limits of the provider that made the voice
   * @return the likeliest cause first; never empty
   */
  public static List<Diagnosis> silent(
      Impossible.@Nullable Speaking attempt,
      Catalogue catalogue,
      @Nullable JsonObject sampleReport,
      Limits limits) {
    List<Diagnosis> causes = new ArrayList<>();
    if (attempt != null) {
      causes.addAll(Impossible.check(attempt, catalogue));
    }
    causes.addAll(sample(sampleReport, limits));
    if (causes.isEmpty()) {
      causes.add(
          Diagnosis.named(attempt == null ? "silent_status_unknown" : "silent_cause_unknown"));
    }
    return List.copyOf(causes);
  }

  /**
   * Why speech breaks off, wavers or mumbles: pauses, speech ratio, length, noise.
   *
   * @param limits of the provider that made the voice
   * @return the likeliest cause first; never empty
   */
  public static List<Diagnosis> unstable(@Nullable JsonObject sampleReport, Limits limits) {
    List<Diagnosis> causes = sample(sampleReport, limits);
    return causes.isEmpty() ? List.of(Diagnosis.named("unstable_cause_unknown")) : causes;
  }

  private static List<Diagnosis> sample(@Nullable JsonObject verdicts, Limits limits) {
    List<Diagnosis> causes = new ArrayList<>();
    if (verdicts == null) {
      return causes;
    }
    JsonObject mended = Json.object(verdicts, "after_mending");
    JsonObject report = mended == null ? verdicts : mended;
    JsonObject file = part(report, "file");
    JsonObject measures = part(report, "measures");
    Double speech = number(measures, "speech_ms");
    Double run = number(measures, "longest_continuous_ms");
    if ((speech != null && speech < limits.minSpeechMs())
        || (run != null && run < limits.minRunMs())) {
      causes.add(
          Diagnosis.named(
              "sample_poor_speech",
              new JsonObject()
                  .put("effective_speech_seconds", seconds(speech))
                  .put("longest_speech_seconds", seconds(run))));
    }
    Double pause = number(measures, "longest_pause_ms");
    if (pause != null && pause > limits.maxPauseMs()) {
      causes.add(
          Diagnosis.named(
              "sample_pauses", new JsonObject().put("longest_pause_seconds", seconds(pause))));
    }
    Double ratio = number(measures, "speech_ratio");
    if (ratio != null && ratio < limits.minSpeechRatio()) {
      causes.add(
          Diagnosis.named(
              "sample_speech_ratio",
              new JsonObject().put("speech_ratio", Math.round(ratio * 100) + " %")));
    }
    Double duration = number(file, "duration_ms");
    if (duration != null
        && (duration < limits.minSpeechMs() || duration > limits.maxDurationMs())) {
      causes.add(
          Diagnosis.named(
              "sample_length", new JsonObject().put("duration_seconds", seconds(duration))));
    }
    Double snr = number(measures, "snr_db");
    if (snr != null && snr < limits.minSnrDb()) {
      causes.add(Diagnosis.named("sample_noise", new JsonObject().put("snr_db", snr)));
    }
    Double clipped = number(measures, "clipped_ms");
    if (clipped != null && clipped > 0) {
      causes.add(Diagnosis.named("sample_clipping", new JsonObject().put("clipped_ms", clipped)));
    }
    if (causes.isEmpty()) {
      findings(report, causes);
    }
    return causes;
  }

  /** What the report itself complained of, where the measures show nothing. */
  private static void findings(JsonObject report, List<Diagnosis> causes) {
    List<JsonObject> findings = Json.objects(report, "findings");
    if (findings == null) {
      return;
    }
    for (JsonObject finding : findings) {
      String code = Json.text(finding, "code");
      String severity = Json.text(finding, "severity");
      if (code != null && !"advisory".equals(severity)) {
        causes.add(
            Diagnosis.named(
                "sample_defect", new JsonObject().put("defect", Diagnosis.shown(code))));
      }
    }
  }

  private static JsonObject part(JsonObject report, String name) {
    JsonObject part = Json.object(report, name);
    return part == null ? new JsonObject() : part;
  }

  private static @Nullable Double number(JsonObject of, String field) {
    return of.getValue(field) instanceof Number number ? number.doubleValue() : null;
  }

  private static @Nullable Double seconds(@Nullable Double ms) {
    return ms == null ? null : Math.round(ms / 100) / 10.0;
  }
}
