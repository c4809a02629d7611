package dev.voicebridge.enrolment;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which of DashScope's regions a base URL leads to; decides which models can be cloned there. */
public enum Region {
  BEIJING,
  SINGAPORE,
  /** A double, a proxy, another vendor: no rule applies. */
  UNKNOWN;

  public static Region of(String baseUrl) {
    @Nullable String named;
    try {
      named = URI.create(baseUrl).getHost();
    } catch (IllegalArgumentException e) {
      return UNKNOWN;
    }
    String host = named == null ? "" : named.toLowerCase(Locale.ROOT);
    if (!host.endsWith(".aliyuncs.com")) {
      return UNKNOWN;
    }
    if (host.startsWith("dashscope-intl.") || host.contains(".ap-southeast-1.")) {
      return SINGAPORE;
    }
    return host.equals("dashscope.aliyuncs.com") || host.contains(".cn-beijing.")
        ? BEIJING
        : UNKNOWN;
  }
}
