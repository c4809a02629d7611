package dev.voicebridge.library;

import dev.voicebridge.enrolment.Account;
import dev.voicebridge.enrolment.Region;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * An account at a vendor, as records name it.
 *
 * @param provider {@link dev.voicebridge.voice.Voice#DASHSCOPE} or {@link
 *     dev.voicebridge.voice.Voice#SILICONFLOW}
 * @param fingerprint of the key; tells nothing about it. Every look-up compares it, so it is made
 *     once
 */
record VendorAccount(String provider, Account account, String fingerprint) {
  VendorAccount(String provider, Account account) {
    this(provider, account, fingerprint(account.key()));
  }

  private static String fingerprint(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("voicebridge account\n" + key).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** {@code beijing}, {@code singapore} …, as far as the address tells. */
  String region() {
    return Region.of(account.baseUrl()).name().toLowerCase(Locale.ROOT);
  }
}
