package dev.voicebridge.catalogue;

/** What a model may or may not understand; each is one field of {@code session.update}. */
public enum Ability {
  SPEECH_RATE("speech_rate"),
  PITCH_RATE("pitch_rate"),
  VOLUME("volume"),
  BIT_RATE("bit_rate"),
  INSTRUCTIONS("instructions"),
  OPTIMIZE_INSTRUCTIONS("optimize_instructions"),
  WORD_TIMESTAMPS("word_timestamps"),
  SSML("enable_ssml"),
  LANGUAGE("language_type"),
  SEED("seed"),
  HOT_FIX("hot_fix");

  private final String field;

  Ability(String field) {
    this.field = field;
  }

  /** The field of {@code session.update} that needs this ability. */
  public String field() {
    return field;
  }
}
