/**
 * Everything that the outside may call. May touch: bridge, upstream, library, voice, sample,
 * enrolment, catalogue, config, metrics.
 */
@NullMarked
package dev.voicebridge.http;

import org.jspecify.annotations.NullMarked;
