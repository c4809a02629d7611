/**
 * The contract of a speech service, and the one place that lists the dialects. Knows nothing of
 * browsers. May touch: audio, catalogue, config, net, sse.
 */
@NullMarked
package dev.voicebridge.upstream;

import org.jspecify.annotations.NullMarked;
