package dev.voicebridge.upstream;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who decides when there is enough text to speak. */
public enum Mode {
  /** Text is spoken as it streams in, a sentence as soon as it is whole. */
  SERVER_COMMIT,
  /** Nothing is spoken before the caller commits. */
  COMMIT;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @return null when there is no such mode
   */
  public static @Nullable Mode parse(String wireName) {
    return switch (wireName) {
      case "server_commit" -> SERVER_COMMIT;
      case "commit" -> COMMIT;
      default -> null;
    };
  }
}
