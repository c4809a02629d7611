package dev.voicebridge.enrolment;

/** One voice, asked for. */
public record FoundVoice(EnrolledVoice voice, Receipt receipt) {}
