package dev.voicebridge.emulator.engine;

/**
 * How a voice sounds.
 *
 * @param timbre espeak variant, one of {@link Timbres}
 * @param pitch steps of espeak's pitch scale above its middle, 50 steps an octave
 * @param range liveliness, espeak's scale 0–100, 50 as the timbre has it
 * @param tempo factor on the speed
 * @param language what the voice reads first: {@code zh}, {@code yue}, {@code en}, {@code de} …
 */
record VoiceProfile(String timbre, int pitch, int range, double tempo, String language) {}
