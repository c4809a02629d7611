/**
 * DashScope inference sockets: CosyVoice (text streams in) and Sambert (whole text in). May
 * touch:\n * upstream, audio.
 */
@NullMarked
package dev.voicebridge.upstream.inference;

import org.jspecify.annotations.NullMarked;
