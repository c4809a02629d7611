/**
 * Text from a language model, token by token: an OpenAI-style chat client. May touch: {@code sse},
 * {@code net}.
 */
@NullMarked
package dev.voicebridge.llm;

import org.jspecify.annotations.NullMarked;
