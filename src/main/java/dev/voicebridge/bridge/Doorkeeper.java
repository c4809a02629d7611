package dev.voicebridge.bridge;

import org.jspecify.annotations.Nullable;

/** Redeems the ticket of a {@code session.authenticate} message. */
@FunctionalInterface
public interface Doorkeeper {
  /**
   * @return null when the ticket is unknown, used or expired
   */
  @Nullable Caller redeem(String ticket);
}
