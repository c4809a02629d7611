package dev.voicebridge.emulator.wire;

import java.time.Duration;

/** One way to misbehave, told by a test or a demonstration through {@link Faults}. */
public sealed interface Fault {
  /** What the fault is spent on. */
  Place place();

  /** Where a fault strikes. */
  enum Place {
    /** The next WebSocket handshake. */
    CONNECT,
    /** The next realtime session, or the next run-task. */
    SESSION,
    /** The next realtime response, or the next task's audio. */
    RESPONSE,
    /** The next HTTP call, of one kind or any. */
    CALL
  }

  /** Strikes an HTTP call. */
  sealed interface OnCall extends Fault {
    /**
     * Which call: the action of a customization ({@code create_voice}, {@code list} …), {@code
     * getPolicy}, {@code upload}, {@code generation} and the {@code download} of what it made, or a
     * SiliconFlow path after {@code /v1/}; empty: any.
     */
    String operation();

    @Override
    default Place place() {
      return Place.CALL;
    }
  }

  /**
   * Nothing is done; this status and error. On SiliconFlow an empty code makes the message the
   * whole body, a JSON string.
   */
  record RefuseCall(String operation, int status, String code, String message) implements OnCall {}

  /** Nothing is done; 429 in the vendor's words. */
  record LimitCall(String operation) implements OnCall {}

  /** Nothing is done; 200 and this body. */
  record GarbageCall(String operation, String body) implements OnCall {}

  /** It is done; the answer comes late. */
  record SlowCall(String operation, Duration delay) implements OnCall {}

  /**
   * It is done so much later, whether or not anybody still listens; for creations and updates.
   * Spent when the whole request has come.
   */
  record LateWork(String operation, Duration delay) implements OnCall {}

  /** It is done; the answer's body stops after that many bytes, at 0 before its head. */
  record StallCall(String operation, long bytes) implements OnCall {}

  /** It is done; the connection is gone after that many bytes of the answer's body. */
  record CutCall(String operation, long bytes) implements OnCall {}

  /** It is done and will last; the connection is gone before the answer's first byte. */
  record LoseAnswer(String operation) implements OnCall {}

  /** The voice is made and answered, but ends as {@code UNDEPLOYED}; for creations and updates. */
  record UndeployVoice(String operation) implements OnCall {}

  /** Strikes as soon as that many encoded audio bytes of the response are sent. */
  sealed interface AfterBytes extends Fault {
    long bytes();

    @Override
    default Place place() {
      return Place.RESPONSE;
    }
  }

  /** The upgrade is answered with this status and a JSON body. */
  record Refuse(int status, String code, String message) implements Fault {
    @Override
    public Place place() {
      return Place.CONNECT;
    }
  }

  /** Realtime: an error event, then Close 1007. Inference: task-failed, then Close 1007. */
  record Reject(String code, String message) implements Fault {
    @Override
    public Place place() {
      return Place.SESSION;
    }
  }

  /** {@code Throttling.RateQuota}, in the vendor's words; otherwise as {@link Reject}. */
  record RateLimit() implements Fault {
    @Override
    public Place place() {
      return Place.SESSION;
    }
  }

  /** session.created or task-started comes late; what the client sends meanwhile is kept. */
  record LateStart(Duration delay) implements Fault {
    @Override
    public Place place() {
      return Place.SESSION;
    }
  }

  /** session.created or task-started never comes; everything else does. */
  record NoStart() implements Fault {
    @Override
    public Place place() {
      return Place.SESSION;
    }
  }

  /** Audio stops and nothing follows; the socket stays. */
  record Stall(long bytes) implements AfterBytes {}

  /** The TCP connection is gone, without a Close frame. */
  record CutAfter(long bytes) implements AfterBytes {}

  /** A Close frame in the middle, without task-failed or error. */
  record CloseAfter(long bytes, int code, String reason) implements AfterBytes {}

  /** The response fails: an error event and status {@code failed}, or task-failed and Close. */
  record FailAfter(long bytes, String code, String message) implements AfterBytes {}

  /** This text frame is sent just before the first audio. */
  record Garbage(String frame) implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /** Realtime: every delta is something that isn't base64. Inference: as {@link NoAudio}. */
  record BadDelta() implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /** Each audio frame waits so long. */
  record Slow(Duration delay) implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /**
   * Realtime: the order of the vendor's table, content_part.done and output_item.done before
   * audio.done. Inference: each binary frame before its sentence-synthesis event.
   */
  record WrongOrder() implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /** Every audio frame but the last has an odd number of bytes. */
  record OddBytes() implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /** Audio comes in frames of several seconds. */
  record BigFrames() implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /** All events come, no audio: what a voice that is not ready yet gives. */
  record NoAudio() implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /** No {@code usage} anywhere. */
  record NoUsage() implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /** Inference: no result-generated at all, as old servers; realtime: nothing changes. */
  record NoSentences() implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }

  /** Inference: word times start again at 0 with every sentence. */
  record TimesPerSentence() implements Fault {
    @Override
    public Place place() {
      return Place.RESPONSE;
    }
  }
}
