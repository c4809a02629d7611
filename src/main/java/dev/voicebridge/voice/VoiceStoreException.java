package dev.voicebridge.voice;

import org.jspecify.annotations.Nullable;

/** Why a store did not do what was asked. */
public final class VoiceStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What a caller can act upon. */
  public enum Kind {
    /** Another version is stored: read, decide again, write. */
    CONFLICT,
    /** The voice was deleted since. */
    GONE,
    /** The provider voice id belongs to another voice. */
    TAKEN,
    /** The store is away or too slow: later. */
    UNAVAILABLE
  }

  private final Kind kind;
  private final transient @Nullable Voice current;

  VoiceStoreException(Kind kind, String message, @Nullable Voice current) {
    super(message);
    this.kind = kind;
    this.current = current;
  }

  /**
   * @param message without addresses or secrets
   */
  public static VoiceStoreException unavailable(String message) {
    return new VoiceStoreException(Kind.UNAVAILABLE, message, null);
  }

  public Kind kind() {
    return kind;
  }

  /** What stands in the way: of {@code CONFLICT} and {@code TAKEN}, where it is known. */
  public @Nullable Voice current() {
    return current;
  }
}
