package dev.voicebridge.llm;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where the language model is.
 *
 * @param baseUrl of an OpenAI-style service, with its path, without a slash at its end
 * @param apiKey empty: none is sent
 * @param model where a request names none
 * @param speechVendors whether it is the vendor of the speech models too, below the same address:
 *     then, and only then, a visitor's own vendor key is good here, and without any key there is no
 *     use in asking
 */
public record ChatService(String baseUrl, String apiKey, String model, boolean speechVendors) {
  private static final Pattern DASHSCOPE =
      Pattern.compile("https?://[a-z0-9.-]+\\.aliyuncs\\.com(:\\d+)?/.*");

  /** Whether it knows the vendor's fields beside OpenAI's. */
  boolean isDashScope() {
    return speechVendors || DASHSCOPE.matcher(baseUrl.toLowerCase(Locale.ROOT)).matches();
  }

  /** Whether the server's own callers can be answered. */
  boolean isUsable() {
    return !baseUrl.isEmpty() && !(speechVendors && apiKey.isEmpty());
  }

  @Override
  public String toString() {
    return "ChatService[baseUrl=" + baseUrl + ", model=" + model + "]";
  }
}
