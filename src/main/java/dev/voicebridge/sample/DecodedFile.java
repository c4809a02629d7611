package dev.voicebridge.sample;

import java.util.List;

/**
 * A file that could be decoded.
 *
 * @param durationMs of the whole file, which may be longer than the sound that was decoded
 * @param flaws what is wrong with the file itself, though it could be decoded
 */
record DecodedFile(
    String codec,
    int bitDepth,
    int sampleRateHz,
    int channels,
    long durationMs,
    Sound sound,
    List<FindingCode> flaws) {}
