package dev.voicebridge.sample;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the doctor has to say about one sample. Immutable; keeps the decoded sound for mending. */
public final class SampleReport {
  private final SampleFile file;
  private final @Nullable Measures measures;
  private final List<Finding> findings;
  private final List<Verdict> verdicts;
  private final @Nullable Sound sound;
  private final @Nullable SpeechParts speech;

  SampleReport(
      SampleFile file,
      @Nullable Measures measures,
      List<Finding> findings,
      List<Verdict> verdicts,
      @Nullable Sound sound,
      @Nullable SpeechParts speech) {
    this.file = file;
    this.measures = measures;
    this.findings = List.copyOf(findings);
    this.verdicts = List.copyOf(verdicts);
    this.sound = sound;
    this.speech = speech;
  }

  public SampleFile file() {
    return file;
  }

  /** Null when the file couldn't be decoded. */
  public @Nullable Measures measures() {
    return measures;
  }

  /** The worst first, then by time. */
  public List<Finding> findings() {
    return findings;
  }

  public boolean has(FindingCode code) {
    return findings.stream().anyMatch(finding -> finding.code() == code);
  }

  /** One per provider. */
  public List<Verdict> verdicts() {
    return verdicts;
  }

  public Verdict verdict(Provider provider) {
    return Judge.find(verdicts, provider);
  }

  /**
   * The sample as that provider should get it. Takes as long as resampling does.
   *
   * @return null when the provider would refuse that, too
   */
  public @Nullable MendedSample mended(Provider provider) {
    if (sound == null || speech == null || verdict(provider).status() == Verdict.Status.REFUSED) {
      return null;
    }
    return new Mending(provider, sound, speech).mended(file.channels());
  }

  public JsonObject toJson() {
    JsonArray found = new JsonArray();
    findings.forEach(finding -> found.add(finding.toJson()));
    JsonArray judged = new JsonArray();
    verdicts.forEach(verdict -> judged.add(verdict.toJson()));
    return new JsonObject()
        .put("file", file.toJson())
        .put("measures", measures == null ? null : measures.toJson())
        .put("findings", found)
        .put("verdicts", judged);
  }
}
