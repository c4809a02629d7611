/** Text to 16-bit samples with espeak-ng. Knows nothing of sockets. May touch: audio. */
@NullMarked
package dev.voicebridge.emulator.engine;

import org.jspecify.annotations.NullMarked;
