package dev.voicebridge.library;

import dev.voicebridge.voice.Voice;

/**
 * Who asks: the name of a key, and whether it is the operator's.
 *
 * @param owner whose voices are meant; new voices are this key's
 * @param operator sees and may change every voice, those without an owner too
 */
public record Asker(String owner, boolean operator) {
  boolean sees(Voice voice) {
    return operator || owner.equals(voice.owner());
  }
}
