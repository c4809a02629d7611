package dev.voicebridge.enrolment;

/**
 * A voice that SiliconFlow speaks with without a clone.
 *
 * @param voice what travels: {@code <model>:<name>}
 */
public record PresetVoice(String voice, String model, String gender, Words description) {}
