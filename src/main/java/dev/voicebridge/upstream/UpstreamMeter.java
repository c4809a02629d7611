package dev.voicebridge.upstream;

/** What a dialect counts; called for every delta, so it must cost next to nothing. */
public interface UpstreamMeter {
  UpstreamMeter NONE = fast -> {};

  /**
   * @param fast whether the scan was enough
   */
  void delta(boolean fast);
}
