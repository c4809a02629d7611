/**
 * The vendors' enrolment APIs: voices are cloned, designed, listed and deleted there, and what the
 * vendors answer is put into words. Knows nothing of stores, of our own doors, of browsers. May
 * touch: vertx-core, catalogue, text.
 *
 * <p>{@link dev.voicebridge.enrolment.Enrolment} is the one interface over all providers; {@link
 * dev.voicebridge.enrolment.Diagnosis} explains errors, {@link
 * dev.voicebridge.enrolment.Impossible} says before a call what would fail, {@link
 * dev.voicebridge.enrolment.DescriptionRules} judges what a design is asked with, and {@link
 * dev.voicebridge.enrolment.SampleUrlGuard} fetches a sample without reaching inside. Three data
 * files hold what vendors change: {@code targets.json} (models, languages, regions), {@code
 * errors.json} (every error) and {@code descriptions.json} (words).
 */
@NullMarked
package dev.voicebridge.enrolment;

import org.jspecify.annotations.NullMarked;
