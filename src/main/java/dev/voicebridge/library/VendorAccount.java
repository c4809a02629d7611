package dev.voicebridge.library;

import dev.voicebridge.enrolment.Account;
import dev.voicebridge.enrolment.Region;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An account at a vendor, as records name it.
 *
 * @param provider {@link dev.voicebridge.voice.Voice#DASHSCOPE} or {@link
 *     dev.voicebridge.voice.Voice#SILICONFLOW}
 */
record VendorAccount(String provider, Account account) {
  /** Of the key; tells nothing about it. */
  String fingerprint() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("voicebridge account\n" + account.key()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** {@code beijing}, {@code singapore} …, as far as the address tells. */
  String region() {
    return Region.of(account.baseUrl()).name().toLowerCase(java.util.Locale.ROOT);
  }
}
