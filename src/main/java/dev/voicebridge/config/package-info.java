/**
 * Every setting, read and checked once; all mistakes are reported together. May touch: nothing of
 * ours but text.
 */
@NullMarked
package dev.voicebridge.config;

import org.jspecify.annotations.NullMarked;
