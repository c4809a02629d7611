package dev.voicebridge.enrolment;

import java.util.List;

/**
 * All custom voices of an account.
 *
 * @param voices in the provider's order, no id twice
 */
public record VoiceList(List<EnrolledVoice> voices, Receipt receipt) {}
