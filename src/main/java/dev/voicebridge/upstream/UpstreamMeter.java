package dev.voicebridge.upstream;

/** What a dialect counts; what is called for every delta must cost next to nothing. */
public interface UpstreamMeter {
  UpstreamMeter NONE = fast -> {};

  /**
   * @param fast whether the scan was enough
   */
  void delta(boolean fast);

  /** A service failed before its first sound, and another was asked. */
  default void fellBack() {}
}
