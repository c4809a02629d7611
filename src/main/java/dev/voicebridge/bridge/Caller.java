package dev.voicebridge.bridge;

import java.util.Set;

/**
 * Who is talking, and what they may do.
 *
 * @param name the name of the key, or {@code anonymous} where no keys are set; goes to logs
 * @param models the models this key may use; empty: all
 * @param voices the voices this key may use; empty: all
 * @param limits what is in force for this key
 * @param operator whether everyone's voices are this caller's to see
 */
public record Caller(
    String name, Set<String> models, Set<String> voices, SessionLimits limits, boolean operator) {
  public boolean mayUseModel(String model) {
    return models.isEmpty() || models.contains(model);
  }

  public boolean mayUseVoice(String voice) {
    return voices.isEmpty() || voices.contains(voice);
  }
}
