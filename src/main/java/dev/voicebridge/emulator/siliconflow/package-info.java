/**
 * The guest that plays SiliconFlow: speech, voices and transcription over HTTP. May touch: audio,
 * emulator.engine, emulator.library, emulator.wire.
 */
@NullMarked
package dev.voicebridge.emulator.siliconflow;

import org.jspecify.annotations.NullMarked;
