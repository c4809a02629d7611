package dev.voicebridge.emulator.library;

/** A sample that can't become a voice, in the vendor's words. */
public final class SampleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  public SampleException(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  static SampleException undecodable() {
    return new SampleException("Audio.DecoderError", "Decoder audio file failed.");
  }

  static SampleException unsupported() {
    return new SampleException("BadRequest.UnsupportedFileFormat", "File format unsupported.");
  }

  static SampleException notFetched(String why) {
    return new SampleException(
        "BadRequest.InputDownloadFailed", "Failed to download the input file: " + why);
  }

  static SampleException tooBig() {
    return new SampleException("Audio.FileSizeExceed", "File too large");
  }

  /** As in the vendor's table, such as {@code Audio.DecoderError}. */
  public String code() {
    return code;
  }

  public String words() {
    String message = getMessage();
    return message == null ? code : message;
  }
}
