package dev.voicebridge.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Applies one provider's rules, in the order in which the provider comes upon them. */
final class Judge {
  private final Provider provider;
  private final List<FindingCode> reasons = new ArrayList<>();
  private @Nullable String vendorCode;
  private boolean refused;

  private Judge(Provider provider) {
    this.provider = provider;
  }

  /** A file that couldn't be read, or has nobody speaking in it. */
  static Verdict hopeless(Provider provider, FindingCode code) {
    String vendorCode =
        switch (code) {
          case UNSUPPORTED_FORMAT -> "BadRequest.UnsupportedFileFormat";
          case SILENT, NO_SPEECH -> "Audio.AudioSilentError";
          default -> "Audio.DecoderError";
        };
    return new Verdict(provider, Verdict.Status.REFUSED, provider.code(vendorCode), List.of(code));
  }

  static Verdict of(
      Provider provider,
      SampleFile file,
      List<FindingCode> flaws,
      Measures heard,
      Mending mending) {
    Judge judge = new Judge(provider);
    judge.file(file, flaws);
    judge.speech(file, heard, mending);
    return judge.verdict();
  }

  private void file(SampleFile file, List<FindingCode> flaws) {
    if (!provider.containers().contains(file.container())) {
      mendable(FindingCode.UNSUPPORTED_FORMAT, "BadRequest.UnsupportedFileFormat");
    }
    if (provider.sentBytes(file.sizeBytes(), file.container()) > Provider.MAX_BYTES) {
      mendable(FindingCode.TOO_LARGE, "Audio.FileSizeExceed");
    }
    if (file.container() == Container.WAV && !isSixteenBit(file)) {
      mendable(FindingCode.BIT_DEPTH, "BadRequest.UnsupportedFileFormat");
    }
    for (FindingCode flaw : flaws) {
      mendable(flaw, "Audio.DecoderError");
    }
    if (file.sampleRateHz() < provider.minRateHz) {
      broken(
          FindingCode.LOW_RATE,
          "Audio.AudioRateError",
          file.sampleRateHz() >= Provider.MIN_MENDABLE_RATE_HZ);
    }
    if (provider.monoOnly && file.channels() > 1) {
      mendable(FindingCode.STEREO, "Audio.PreprocessError");
    }
  }

  static boolean isSixteenBit(SampleFile file) {
    return file.codec().equals("pcm") && file.bitDepth() == 16;
  }

  private void speech(SampleFile file, Measures heard, Mending mending) {
    if (file.durationMs() > provider.maxDurationMs) {
      mendable(FindingCode.TOO_LONG, "Audio.DurationLimitError");
    }
    if (heard.speechMs() < provider.minSpeechMs) {
      broken(FindingCode.TOO_SHORT, "Audio.AudioShortError", false);
    }
    if (heard.longestRunMs() < provider.minRunMs) {
      broken(
          FindingCode.SHORT_RUNS,
          provider == Provider.QWEN ? "Audio.AudioShortError" : "Audio.PreprocessError",
          mending.longestRunMs() >= provider.minRunMs);
    }
    if (heard.longestPauseMs() > Provider.MAX_PAUSE_MS) {
      mendable(FindingCode.LONG_PAUSE, "Audio.PreprocessError");
    }
    if (heard.speechRatio() < Provider.MIN_SPEECH_RATIO) {
      broken(
          FindingCode.LOW_SPEECH_RATIO,
          "Audio.PreprocessError",
          mending.speechRatio() >= Provider.MIN_SPEECH_RATIO);
    }
  }

  private void mendable(FindingCode reason, String code) {
    broken(reason, code, true);
  }

  private void broken(FindingCode reason, String code, boolean mendable) {
    reasons.add(reason);
    // What can't be mended is the code that matters to the user; else the first.
    if (vendorCode == null || (!mendable && !refused)) {
      vendorCode = provider.code(code);
    }
    refused |= !mendable;
  }

  private Verdict verdict() {
    Verdict.Status status =
        refused
            ? Verdict.Status.REFUSED
            : reasons.isEmpty() ? Verdict.Status.OK : Verdict.Status.USABLE_AFTER_MENDING;
    return new Verdict(provider, status, vendorCode, List.copyOf(reasons));
  }

  static Verdict find(List<Verdict> verdicts, Provider provider) {
    return Objects.requireNonNull(
        verdicts.stream().filter(v -> v.provider() == provider).findFirst().orElse(null));
  }
}
