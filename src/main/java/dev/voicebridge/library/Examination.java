package dev.voicebridge.library;

import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.enrolment.Sample;
import dev.voicebridge.enrolment.SampleUrlGuard;
import dev.voicebridge.enrolment.Words;
import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.sample.FindingCode;
import dev.voicebridge.sample.MendedSample;
import dev.voicebridge.sample.SampleDoctor;
import dev.voicebridge.sample.SampleReport;
import dev.voicebridge.sample.Verdict;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Fetches a sample, lets the doctor look at it, and has it mended. */
final class Examination {
  private final SampleUrlGuard guard;
  private final WorkerExecutor doctor;

  /**
   * @param doctor as many threads as samples may be in work at once
   */
  Examination(SampleUrlGuard guard, WorkerExecutor doctor) {
    this.guard = guard;
    this.doctor = doctor;
  }

  /**
   * @param bytes as they were given; what is hashed
   * @param report what the doctor says of them
   */
  record Examined(Buffer bytes, SampleReport report) {}

  /**
   * What goes to the vendor.
   *
   * @param steps what was done to it; empty: it goes as it came
   * @param after what the doctor says of the mended sample; null: it goes as it came
   */
  record Fit(Sample.Inline sample, List<MendedSample.Step> steps, @Nullable SampleReport after) {}

  Future<Examined> examine(SampleSource source) {
    if (source instanceof SampleSource.AtUrl there) {
      return guard.fetch(there.url()).compose(bytes -> examine(bytes, null));
    }
    SampleSource.Given given = (SampleSource.Given) source;
    return examine(given.bytes(), given.mediaType());
  }

  private Future<Examined> examine(Buffer bytes, @Nullable String mediaType) {
    return doctor.executeBlocking(
        () -> new Examined(bytes, SampleDoctor.examine(bytes.getBytes(), mediaType)), false);
  }

  /** Fails with {@code SAMPLE_REFUSED}. */
  Future<Fit> fit(Provider family, Examined examined) {
    dev.voicebridge.sample.Provider judge = judge(family);
    SampleReport report = examined.report();
    Verdict verdict = report.verdict(judge);
    return switch (verdict.status()) {
      case OK ->
          Future.succeededFuture(
              new Fit(new Sample.Inline(examined.bytes(), mediaType(report)), List.of(), null));
      case REFUSED -> Future.failedFuture(refusal(verdict, report));
      case USABLE_AFTER_MENDING ->
          doctor.executeBlocking(() -> mended(report, judge, verdict), false);
    };
  }

  private static Fit mended(
      SampleReport report, dev.voicebridge.sample.Provider judge, Verdict verdict) {
    MendedSample mended = report.mended(judge);
    if (mended == null) {
      throw refusal(verdict, report);
    }
    return new Fit(
        new Sample.Inline(Buffer.buffer(mended.wav()), "audio/wav"),
        mended.steps(),
        SampleDoctor.examine(mended.wav(), "audio/wav"));
  }

  static dev.voicebridge.sample.Provider judge(Provider family) {
    return dev.voicebridge.sample.Provider.valueOf(family.name());
  }

  private static String mediaType(SampleReport report) {
    return switch (report.file().container().wireName().toLowerCase(Locale.ROOT)) {
      case "mp3" -> "audio/mpeg";
      case "m4a", "mp4" -> "audio/mp4";
      default -> "audio/wav";
    };
  }

  private static LibraryException refusal(Verdict verdict, SampleReport report) {
    List<FindingCode> reasons = verdict.reasons();
    StringBuilder codes = new StringBuilder();
    reasons.forEach(reason -> codes.append(codes.isEmpty() ? "" : ", ").append(reason.wireName()));
    return new LibraryException(
        Reason.SAMPLE_REFUSED,
        "sample",
        new Words(
            "这段录音做不成声音（" + codes + "）；报告里写着问题在哪里、该怎么办",
            "no voice can be made from this sample ("
                + codes
                + "); the report says where and what"
                + " to do"),
        new JsonObject().put("report", report.toJson()).put("vendor_code", verdict.vendorCode()));
  }
}
