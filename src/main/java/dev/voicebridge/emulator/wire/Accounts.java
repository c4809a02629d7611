package dev.voicebridge.emulator.wire;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which key is whose. Immutable. */
public final class Accounts {
  private static final String BEARER = "bearer ";

  /** By the key's hash, so that the time of a look-up tells nothing of the keys. */
  private final Map<String, String> accounts = new HashMap<>();

  /**
   * {@code key} belongs to {@code account}, or to an account of its own; {@code keys} holds further
   * keys, each with the name of its account.
   *
   * @throws IllegalArgumentException when there is no key
   */
  public Accounts(JsonObject config) {
    String key = config.getString("key", "");
    if (key.isEmpty()) {
      throw new IllegalArgumentException("the guest needs a key");
    }
    accounts.put(hash(key), config.getString("account", hash(key).substring(0, 16)));
    config
        .getJsonObject("keys", new JsonObject())
        .forEach(entry -> accounts.put(hash(entry.getKey()), (String) entry.getValue()));
  }

  /**
   * @param authorization the header
   * @return null when it shows no key that is known
   */
  public @Nullable String of(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    return accounts.get(hash(authorization.substring(BEARER.length()).strip()));
  }

  private static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
