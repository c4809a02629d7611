/** Every meter with its name, unit and tags. May touch: micrometer. */
@NullMarked
package dev.voicebridge.metrics;

import org.jspecify.annotations.NullMarked;
