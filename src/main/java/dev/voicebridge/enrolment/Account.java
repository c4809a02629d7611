package dev.voicebridge.enrolment;

import java.net.URI;

/**
 * Where, and with whose key.
 *
 * @param baseUrl {@code DASHSCOPE_BASE_URL} or {@code SILICONFLOW_BASE_URL}, with or without a
 *     slash at its end
 * @param key empty: none is sent
 */
public record Account(String baseUrl, String key) {
  public Account {
    baseUrl = baseUrl.replaceFirst("/+$", "");
    URI.create(baseUrl);
  }

  Region region() {
    return Region.of(baseUrl);
  }

  /** The text with the key blotted out. */
  String redacted(String text) {
    return key.isEmpty() ? text : text.replace(key, "***");
  }

  @Override
  public String toString() {
    return "Account[" + baseUrl + ", ***]";
  }
}
