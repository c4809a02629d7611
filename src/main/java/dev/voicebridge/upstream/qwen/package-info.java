/** Qwen-TTS-Realtime: one JSON socket, audio as base64 deltas. May touch: upstream, audio. */
@NullMarked
package dev.voicebridge.upstream.qwen;

import org.jspecify.annotations.NullMarked;
