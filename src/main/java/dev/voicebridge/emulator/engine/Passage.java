package dev.voicebridge.emulator.engine;

/**
 * A stretch of the utterance in one language.
 *
 * @param begin first UTF-16 index
 * @param end index after the last
 */
record Passage(Tongue tongue, int begin, int end) {}
