/**
 * The audio path: one {@code Session} per client socket, one {@code SpeechStream} per request. Both
 * speak through a {@code Speaker} to an {@code Audience}. No vertx-web, no Redis, no vendor names.
 * May touch: upstream, catalogue, audio, metrics.
 */
@NullMarked
package dev.voicebridge.bridge;

import org.jspecify.annotations.NullMarked;
