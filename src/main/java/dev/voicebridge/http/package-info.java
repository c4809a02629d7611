/**
 * Everything that the outside may call. May touch: bridge, upstream, catalogue, config, metrics.
 */
@NullMarked
package dev.voicebridge.http;

import org.jspecify.annotations.NullMarked;
