/**
 * The voices that the guests' users made: what is known of them, where they are kept, and what a
 * sample must be to become one. Knows no wire. May touch: audio, emulator.engine.
 */
@NullMarked
package dev.voicebridge.emulator.library;

import org.jspecify.annotations.NullMarked;
