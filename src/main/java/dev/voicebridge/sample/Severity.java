package dev.voicebridge.sample;

import java.util.Locale;

/** How bad a finding is. */
public enum Severity {
  /** No voice can be made of it, mended or not. */
  FATAL,
  /** A provider refuses it, or the voice will be audibly worse. */
  WARNING,
  /** Worth knowing. */
  ADVICE;

  /** As on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
