package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import org.jspecify.annotations.Nullable;

/** The keys that callers may show. Any thread. */
interface KeyRing {
  /** Whether a key must be shown; false: this machine only, any key or none will do. */
  boolean required();

  /**
   * @return null when the key is not known
   */
  @Nullable Key find(String secret);

  /**
   * The key that goes by that name now.
   *
   * @return null when it was taken away since
   */
  @Nullable Key named(String name);

  /** Who calls where no keys are set. */
  Key anonymous();

  /**
   * @param caller the key's name and what it may do
   * @param maxSessions how many sessions it may hold at once on this instance
   */
  record Key(Caller caller, int maxSessions) {}
}
