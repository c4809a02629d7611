package dev.voicebridge.scripted;

/** What the scripted service does wrong, once. */
sealed interface Fault {
  /** Where in a conversation it happens. */
  default boolean atConnect() {
    return this instanceof Refuse || this instanceof NeverAccept;
  }

  /** The upgrade is answered with an HTTP status. */
  record Refuse(int status, String body) implements Fault {}

  /** The upgrade is never answered. */
  record NeverAccept() implements Fault {}

  /** So much of the audio, then nothing any more; the socket stays. */
  record Stall(int afterBytes) implements Fault {}

  /** So much of the audio, then TCP is reset without a close frame. */
  record CutAfter(int bytes) implements Fault {}

  /** So much of the audio, then a close frame. */
  record CloseAfter(int bytes, int code, String reason) implements Fault {}

  /** A close frame that holds no code. */
  record CloseWithoutCode(int afterBytes) implements Fault {}

  /** A text frame that is no event, after so much of the audio. */
  record Garbage(int afterBytes, String text) implements Fault {}

  /** A delta that is not base64 (realtime), after so much of the audio. */
  record NotBase64(int afterBytes) implements Fault {}

  /** A binary frame where only events belong. */
  record BinaryFrame(int afterBytes) implements Fault {}

  /** An {@code error} event (realtime), or {@code task-failed} and a close. */
  record Says(int afterBytes, String code, String message) implements Fault {}

  /** The response has no audio. */
  record NoAudio() implements Fault {}

  /** A task is never started (inference), a commit never answered (realtime). */
  record NeverStart() implements Fault {}

  /** {@code response.done} with this status (realtime). */
  record DoneAs(String status) implements Fault {}

  /** The session is finished before the text was spoken (realtime). */
  record FinishEarly() implements Fault {}

  /** Bytes that are no WebSocket frame. */
  record BrokenFrame(int afterBytes) implements Fault {}

  /** One text message larger than anybody should put together. */
  record EndlessMessage() implements Fault {}
}
