package dev.voicebridge.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Single-use tickets for browsers that must not hold a key, shared by the verticles of one
 * instance. Any thread. A ticket is as good as a key while it lives: it is never logged.
 */
final class Tickets {
  static final Duration LIFETIME = Duration.ofSeconds(60);

  private static final int MAX_OPEN = 50_000;
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final KeyRing keys;
  private final Cache<String, KeyRing.Key> open;

  Tickets(KeyRing keys, Ticker ticker) {
    this.keys = keys;
    this.open =
        Caffeine.newBuilder()
            .expireAfterWrite(LIFETIME)
            .maximumSize(MAX_OPEN)
            .ticker(ticker)
            .build();
  }

  /**
   * @param expiresAt when the ticket can no longer be redeemed
   */
  record Ticket(String value, Instant expiresAt) {
    @Override
    public String toString() {
      return "Ticket[***]";
    }
  }

  /** A ticket that stands for the key. */
  Ticket issue(KeyRing.Key key) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    open.put(value, key);
    return new Ticket(value, Instant.now().plus(LIFETIME));
  }

  /**
   * @return the key as it is now; null when the ticket is unknown, used or expired, or the key was
   *     taken away since
   */
  KeyRing.@Nullable Key redeem(String ticket) {
    KeyRing.Key key = open.asMap().remove(ticket);
    if (key == null || !keys.required()) {
      return key;
    }
    return keys.named(key.caller().name());
  }
}
