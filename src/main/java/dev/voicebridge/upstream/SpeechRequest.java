package dev.voicebridge.upstream;

import org.jspecify.annotations.Nullable;

/**
 * @param providerKey a visitor's own vendor key, used for this conversation instead of the
 *     server's; null: the server's
 */
public record SpeechRequest(SpeechSettings settings, @Nullable String providerKey) {
  @Override
  public String toString() {
    return "SpeechRequest[" + settings + (providerKey == null ? "]" : ", own key]");
  }
}
