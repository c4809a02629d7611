/**
 * The sample doctor: what is wrong with the audio that a voice is to be cloned from, told before a
 * provider is asked. Pure and blocking: call it on a worker thread. May touch: audio.
 */
@NullMarked
package dev.voicebridge.sample;

import org.jspecify.annotations.NullMarked;
