package dev.voicebridge.library;

import dev.voicebridge.enrolment.Faq;
import dev.voicebridge.sample.Provider;
import dev.voicebridge.sample.SampleDoctor;
import dev.voicebridge.voice.Voice;
import java.util.Arrays;

/** Joins the two that must not know each other: the FAQ answers with the doctor's own numbers. */
final class FaqLimits {
  private FaqLimits() {}

  /** What the doctor demands of a sample for the voice's provider. */
  static Faq.Limits of(Voice voice) {
    return Arrays.stream(Provider.values())
        .filter(each -> each.wireName().equals(voice.family()))
        .findFirst()
        .map(FaqLimits::of)
        .orElseGet(() -> of(Provider.COSYVOICE));
  }

  static Faq.Limits of(Provider provider) {
    return new Faq.Limits(
        provider.minSpeechMs(),
        provider.minRunMs(),
        Provider.MAX_PAUSE_MS,
        provider.maxDurationMs(),
        Provider.MIN_SPEECH_RATIO,
        SampleDoctor.POOR_SNR_DB);
  }
}
