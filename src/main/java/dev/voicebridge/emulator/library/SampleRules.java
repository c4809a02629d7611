package dev.voicebridge.emulator.library;

/**
 * What a provider asks of a sample.
 *
 * @param leastRateHz 8000–48000
 * @param leastSeconds of continuous speech
 * @param mostSeconds of everything
 * @param mono whether a second channel is refused; otherwise only the first counts
 */
public record SampleRules(int leastRateHz, double leastSeconds, double mostSeconds, boolean mono) {
  /** The vendor's bound of a sample, whichever the model. */
  public static final int MOST_BYTES = 10 << 20;

  public static final SampleRules COSYVOICE = new SampleRules(16_000, 5, 60, false);
  public static final SampleRules QWEN = new SampleRules(24_000, 3, 60, true);
  public static final SampleRules SILICONFLOW = new SampleRules(8_000, 1, 60, false);
}
