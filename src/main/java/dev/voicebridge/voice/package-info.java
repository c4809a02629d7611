/**
 * The library: voices that were cloned, designed or found, kept durably and read from memory.
 *
 * <p>{@link dev.voicebridge.voice.VoiceStore} keeps the records (Redis for a fleet, H2 MVStore for
 * one instance); {@link dev.voicebridge.voice.CachedVoices} answers every look-up without leaving
 * the process; {@link dev.voicebridge.voice.SharedRate} and {@link
 * dev.voicebridge.voice.SingleFlight} keep calls to a vendor few. Existence and status of a voice
 * are the vendor's word; everything else in a record is ours.
 *
 * <p>May touch: nothing of ours but {@code text}.
 */
@NullMarked
package dev.voicebridge.voice;

import org.jspecify.annotations.NullMarked;
