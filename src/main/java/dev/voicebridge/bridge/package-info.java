/**
 * The audio path: one {@code Session} per client socket. No vertx-web, no Redis, no vendor names.
 * May\n * touch: upstream, catalogue, audio, metrics.
 */
@NullMarked
package dev.voicebridge.bridge;

import org.jspecify.annotations.NullMarked;
