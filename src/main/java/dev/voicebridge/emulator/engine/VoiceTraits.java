package dev.voicebridge.emulator.engine;

/**
 * What is known of a voice that was cloned from a sample or designed from words.
 *
 * @param pitchHz median pitch of the sample; 0: unknown, then gender and age decide
 * @param pitch factor on the pitch, 0.5–2.0
 * @param tempo factor on the speed, 0.5–2.0
 * @param language what the voice reads first: {@code zh}, {@code en}, {@code de} …
 */
public record VoiceTraits(
    Gender gender, Age age, double pitchHz, double pitch, double tempo, String language) {
  /** As far as it is heard. */
  public enum Gender {
    UNKNOWN,
    FEMALE,
    MALE
  }

  /** As far as it is heard. */
  public enum Age {
    CHILD,
    YOUNG,
    ADULT,
    OLD
  }

  /** Of a sample. */
  public static VoiceTraits ofPitch(double pitchHz, String language) {
    return new VoiceTraits(Gender.UNKNOWN, Age.ADULT, pitchHz, 1, 1, language);
  }
}
