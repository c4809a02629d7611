package dev.voicebridge.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * A system voice that goes by its model's name and its own.
 *
 * @param provider {@code siliconflow}
 * @param name what travels: {@code <model>:<name>}
 * @param model the only one that speaks with it
 * @param gender {@code female}, {@code male} or null where the sources do not say
 */
public record PresetVoice(
    String provider,
    String name,
    String model,
    @Nullable String gender,
    @Nullable String keywordsZh,
    @Nullable String keywordsEn) {}
