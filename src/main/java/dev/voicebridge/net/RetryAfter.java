package dev.voicebridge.net;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** When a request that failed is worth another try: RFC 9110, section 10.2.3. */
public final class RetryAfter {
  private RetryAfter() {}

  /**
   * @param header {@code Retry-After}; null: there is none
   * @param usualMs where the service does not say
   * @param longestMs who speaks does not wait longer than that
   * @return -1: not worth it
   */
  public static long ms(int status, @Nullable String header, long usualMs, long longestMs) {
    if (status != 429 && status / 100 != 5) {
      return -1;
    }
    if (header == null) {
      return usualMs;
    }
    try {
      long ms = TimeUnit.SECONDS.toMillis(Integer.parseInt(header.strip()));
      return ms >= 0 && ms <= longestMs ? ms : -1;
    } catch (NumberFormatException date) {
      // A date is for those who wait long.
      return -1;
    }
  }
}
