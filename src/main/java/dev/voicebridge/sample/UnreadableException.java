package dev.voicebridge.sample;

/** The file can't be decoded; carries the finding that says so. Never leaves this package. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  final transient FindingCode code;

  /**
   * @param detail for the developer; English
   */
  UnreadableException(FindingCode code, String detail) {
    super(detail);
    this.code = code;
  }
}
