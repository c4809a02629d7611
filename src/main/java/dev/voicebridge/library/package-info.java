/**
 * The library at work: samples become voices at a vendor, and every voice that an account has is
 * known here. Joins {@code voice} (records), {@code sample} (the doctor) and {@code enrolment} (the
 * vendors).
 *
 * <p>{@link dev.voicebridge.library.VoiceLibrary} is what doors call, from any event loop; the work
 * itself is done on the loop of {@link dev.voicebridge.library.VoiceLibraryVerticle}.
 *
 * <p>May touch: voice, sample, enrolment, catalogue, config.
 */
@NullMarked
package dev.voicebridge.library;

import org.jspecify.annotations.NullMarked;
