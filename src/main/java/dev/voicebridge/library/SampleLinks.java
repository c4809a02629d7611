package dev.voicebridge.library;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Samples that a vendor may fetch from here for a short time, each behind a name that nobody can
 * guess. In this process's memory only: where several instances share a library, the fetch could
 * come to another one, so there the vendor's own store is used. Any thread.
 */
public final class SampleLinks {
  /** The path under {@code VOICEBRIDGE_PUBLIC_URL}; the name follows. */
  public static final String PATH = "/v1/voices/samples/links/";

  static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final long MAX_BYTES = 200L * 1024 * 1024;
  private static final int NAME_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Cache<String, Linked> open =
      Caffeine.newBuilder()
          .expireAfterWrite(LIFETIME)
          .maximumWeight(MAX_BYTES)
          .<String, Linked>weigher((name, linked) -> linked.bytes().length())
          .build();

  /** A sample that is being fetched. */
  public record Linked(Buffer bytes, String mediaType) {}

  String offer(Buffer bytes, String mediaType) {
    byte[] name = new byte[NAME_BYTES];
    random.nextBytes(name);
    String link = Base64.getUrlEncoder().withoutPadding().encodeToString(name) + ".wav";
    open.put(link, new Linked(bytes, mediaType));
    return link;
  }

  /** Null: never there, or no longer. A vendor may ask several times, in pieces. */
  public @Nullable Linked get(String name) {
    return open.getIfPresent(name);
  }

  void end(String name) {
    open.invalidate(name);
  }
}
