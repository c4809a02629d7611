/**
 * The guest: a DashScope look-alike on loopback that speaks for itself. Deleting this package
 * touches one line of settings. May touch: audio.
 */
@NullMarked
package dev.voicebridge.emulator;

import org.jspecify.annotations.NullMarked;
