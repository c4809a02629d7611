package dev.voicebridge.bridge;

/**
 * Why a task fails, as clients of the task socket read it: they branch on the code, people read the
 * words.
 */
final class TaskError extends RuntimeException {
  private static final String INVALID = "InvalidParameter";
  private static final String THROTTLED = "Throttling.RateQuota";
  private static final String INTERNAL = "InternalError";
  private static final String WRONG_VOICE = "[tts:]Engine return error code: 418";

  private final String code;
  private final String words;
  private final String detail;

  private TaskError(String code, String words, String detail) {
    super(words, null, false, false);
    this.code = code;
    this.words = words;
    this.detail = detail;
  }

  static TaskError invalid(String words) {
    return new TaskError(INVALID, words, "");
  }

  static TaskError throttled(String detail) {
    return new TaskError(
        THROTTLED, "Requests rate limit exceeded, please try again later.", detail);
  }

  static TaskError gap(long seconds) {
    return new TaskError("CLIENT_ERROR", "request timeout after " + seconds + " seconds.", "");
  }

  static TaskError internal(String words) {
    return new TaskError(INTERNAL, words, "");
  }

  /** An error of the engine in the words of this socket. */
  static TaskError of(SessionError error) {
    String text = error.text();
    String hint = error.hint() == null ? "" : error.hint();
    return switch (error.code()) {
      case MODEL_NOT_FOUND -> new TaskError("ModelNotFound", text, hint);
      // Its text names the right one.
      case VOICE_MISMATCH -> wrongVoice(text, "");
      case VOICE_NOT_FOUND, VOICE_NOT_READY, VOICE_FAILED -> wrongVoice(text, hint);
      case NOT_ALLOWED ->
          "voice".equals(error.param())
              ? wrongVoice(text, hint)
              : new TaskError("Model.AccessDenied", text, hint);
      case TOO_MANY, QUEUE_FULL -> throttled(text);
      case UPSTREAM_RATE_LIMITED -> throttled(text);
      case UPSTREAM_ERROR ->
          new TaskError(error.upstreamCode() == null ? INTERNAL : error.upstreamCode(), text, hint);
      case NO_AUDIO,
          SESSION_ENDED,
          INTERNAL,
          UPSTREAM_UNREACHABLE,
          UPSTREAM_REFUSED,
          UPSTREAM_TIMEOUT,
          UPSTREAM_CLOSED,
          UPSTREAM_GARBAGE ->
          new TaskError(INTERNAL, text, "");
      default -> new TaskError(INVALID, text, hint);
    };
  }

  private static TaskError wrongVoice(String text, String hint) {
    return new TaskError(INVALID, WRONG_VOICE, hint.isEmpty() ? text : text + "; " + hint);
  }

  String code() {
    return code;
  }

  /** {@code error_message}. */
  String message() {
    return detail.isEmpty() ? words : words + " (" + detail + ")";
  }

  /** For the close frame. */
  String reason() {
    return CloseCode.clipped(words);
  }
}
