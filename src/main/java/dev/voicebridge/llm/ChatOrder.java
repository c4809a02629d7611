package dev.voicebridge.llm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a language model.
 *
 * @param messages at least one
 * @param model empty: the one of the settings
 * @param temperature null: the service's own
 * @param maxOutputTokens null: as many as the service gives
 */
public record ChatOrder(
    List<ChatMessage> messages,
    String model,
    @Nullable Double temperature,
    @Nullable Integer maxOutputTokens) {
  public ChatOrder {
    messages = List.copyOf(messages);
  }
}
