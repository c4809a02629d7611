/**
 * What is known about models and system voices: one data file and the rules over it. May touch:
 * audio.
 */
@NullMarked
package dev.voicebridge.catalogue;

import org.jspecify.annotations.NullMarked;
