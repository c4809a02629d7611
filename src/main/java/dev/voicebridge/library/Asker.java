package dev.voicebridge.library;

import dev.voicebridge.voice.Voice;
import java.util.Set;

/**
 * Who asks: the name of a key, whether it is the operator's, and what it is limited to.
 *
 * @param owner whose voices are meant; new voices are this key's
 * @param operator sees and may change every voice, those without an owner too
 * @param models it may make voices for; empty: all
 * @param voices it sees, by our ids or the provider's, and then it makes none; empty: all
 */
public record Asker(String owner, boolean operator, Set<String> models, Set<String> voices) {
  /** Without limits. */
  public Asker(String owner, boolean operator) {
    this(owner, operator, Set.of(), Set.of());
  }

  boolean sees(Voice voice) {
    String theirs = voice.providerVoiceId();
    return (operator || owner.equals(voice.owner()))
        && (voices.isEmpty()
            || voices.contains(voice.id())
            || (theirs != null && voices.contains(theirs)));
  }

  boolean mayMakeFor(String model) {
    return models.isEmpty() || models.contains(model);
  }

  /** A voice that its maker would not see is not to be made. */
  boolean makesVoices() {
    return voices.isEmpty();
  }
}
