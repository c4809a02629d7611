package dev.voicebridge.sample;

import java.util.EnumSet;
import java.util.Set;

/**
 * What each provider demands of a sample. CosyVoice and Qwen as their manuals say; SiliconFlow
 * states next to nothing, so its numbers are its users' advice and its only error code is 20012.
 */
public enum Provider {
  COSYVOICE("cosyvoice", 16_000, 5_000, 10_000, 60_000, false),
  QWEN("qwen", 24_000, 3_000, 3_000, 60_000, true),
  SILICONFLOW("siliconflow", 8_000, 1_000, 1_000, 30_000, false);

  static final int MAX_BYTES = 10 << 20;

  /** Most for the longest pause between speech, whoever the provider is. */
  public static final int MAX_PAUSE_MS = 2_000;

  /** Least speech in the whole, 0–1, whoever the provider is. */
  public static final double MIN_SPEECH_RATIO = 0.6;

  /** Below this rate nothing is mended: a telephone's treble is lost. */
  static final int MIN_MENDABLE_RATE_HZ = 16_000;

  private final String wireName;
  final int minRateHz;
  final int minRunMs;
  final int minSpeechMs;
  final int maxDurationMs;
  final boolean monoOnly;

  Provider(
      String wireName,
      int minRateHz,
      int minRunMs,
      int minSpeechMs,
      int maxDurationMs,
      boolean monoOnly) {
    this.wireName = wireName;
    this.minRateHz = minRateHz;
    this.minRunMs = minRunMs;
    this.minSpeechMs = minSpeechMs;
    this.maxDurationMs = maxDurationMs;
    this.monoOnly = monoOnly;
  }

  public String wireName() {
    return wireName;
  }

  /** Least effective speech, ms: without pauses over 0.2 s. */
  public int minSpeechMs() {
    return minSpeechMs;
  }

  /** Least for the longest speech without a pause over 1 s, ms. */
  public int minRunMs() {
    return minRunMs;
  }

  /** Most for the whole, ms. */
  public int maxDurationMs() {
    return maxDurationMs;
  }

  Set<Container> containers() {
    return this == SILICONFLOW
        ? EnumSet.of(Container.WAV, Container.MP3)
        : EnumSet.of(Container.WAV, Container.MP3, Container.M4A);
  }

  /** Bytes that count against the limit: Qwen's sample travels as a data URI. */
  long sentBytes(long bytes, Container container) {
    if (this != QWEN) {
      return bytes;
    }
    String type =
        switch (container) {
          case MP3 -> "audio/mpeg";
          case M4A -> "audio/mp4";
          default -> "audio/wav";
        };
    return "data:;base64,".length() + type.length() + (bytes + 2) / 3 * 4;
  }

  /** The code in this provider's words. */
  String code(String dashScopeCode) {
    return this == SILICONFLOW ? "20012" : dashScopeCode;
  }
}
