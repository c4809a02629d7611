/**
 * What is known about models and system voices: one data file and the rules over it. May touch:
 * audio, text.
 *
 * <p>To add a model, write one line into {@code models} of {@code catalogue.json}: its name and its
 * family, and whatever differs from the family. To add a voice, write one line into {@code voices}:
 * its name, its first language and the voice sets it is in. The file's {@code _comment} explains
 * the fields; loading refuses what it doesn't understand.
 */
@NullMarked
package dev.voicebridge.catalogue;

import org.jspecify.annotations.NullMarked;
