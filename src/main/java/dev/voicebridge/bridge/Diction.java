package dev.voicebridge.bridge;

import dev.voicebridge.text.Pronunciations;
import dev.voicebridge.text.Rewriter;
import dev.voicebridge.text.TextCleaner;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done to a text before it is spoken.
 *
 * @param cleaned whether marks that nobody reads aloud are left out
 * @param pronunciations how words are said
 */
record Diction(boolean cleaned, Pronunciations pronunciations) {
  /** Spoken as it is. */
  static final Diction VERBATIM = new Diction(false, Pronunciations.NONE);

  /** For one text, to be applied in this order. */
  List<Rewriter> rewriters() {
    List<Rewriter> rewriters = new ArrayList<>(2);
    if (cleaned) {
      rewriters.add(new TextCleaner());
    }
    if (!pronunciations.isEmpty()) {
      rewriters.add(pronunciations.reader());
    }
    return rewriters;
  }
}
