/**
 * The vendor wire as the references describe it: realtime and inference sockets. May touch:
 * emulator.engine, audio.
 */
@NullMarked
package dev.voicebridge.emulator.wire;

import org.jspecify.annotations.NullMarked;
