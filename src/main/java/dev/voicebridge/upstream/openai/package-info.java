/**
 * OpenAI-style speech over HTTP: SiliconFlow and any engine that speaks {@code POST /audio/speech}.
 * May touch: audio, upstream.
 */
@NullMarked
package dev.voicebridge.upstream.openai;

import org.jspecify.annotations.NullMarked;
