/** Formats, containers, encoders and the length of encoded audio. May touch: nothing of ours. */
@NullMarked
package dev.voicebridge.audio;

import org.jspecify.annotations.NullMarked;
