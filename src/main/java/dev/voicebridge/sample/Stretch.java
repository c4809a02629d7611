package dev.voicebridge.sample;

/**
 * A part of a sample.
 *
 * @param beginMs from the start of the sample, milliseconds
 * @param endMs first millisecond after it
 */
public record Stretch(int beginMs, int endMs) {
  public Stretch {
    if (beginMs < 0 || endMs < beginMs) {
      throw new IllegalArgumentException("no stretch: " + beginMs + "–" + endMs);
    }
  }

  public int lengthMs() {
    return endMs - beginMs;
  }
}
