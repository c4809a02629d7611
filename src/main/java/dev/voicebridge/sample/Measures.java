package dev.voicebridge.sample;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What was heard in the first channel. Levels are dB of full scale.
 *
 * @param speechMs effective speech: without pauses over 0.2 s
 * @param longestRunMs the longest speech without a pause over 1 s
 * @param longestPauseMs between speech, not at the ends
 * @param speechRatio speech in the whole, 0–1
 * @param speechDb level of the speech, above 200 Hz
 * @param noiseFloorDb level of the quietest moments, or of the noise where there is some
 * @param snrDb speech over noise floor
 * @param clippedMs time in which it clips
 * @param humHz 50 or 60; 0 for none
 * @param humDb level of the hum
 * @param echoDelayMs of the strongest echo; 0 for none that is heard
 * @param echoStrength of the strongest echo over the voice, 0–1
 * @param fastFallDb how far a sound falls within 80 ms; in a hall less than 14
 */
public record Measures(
    int speechMs,
    int longestRunMs,
    int longestPauseMs,
    double speechRatio,
    double peakDb,
    double speechDb,
    double noiseFloorDb,
    double snrDb,
    int clippedMs,
    int humHz,
    @Nullable Double humDb,
    int echoDelayMs,
    double echoStrength,
    double fastFallDb,
    int leadingSilenceMs,
    int trailingSilenceMs) {

  JsonObject toJson() {
    return new JsonObject()
        .put("speech_ms", speechMs)
        .put("longest_continuous_ms", longestRunMs)
        .put("longest_pause_ms", longestPauseMs)
        .put("speech_ratio", rounded(speechRatio, 1000))
        .put("peak_dbfs", rounded(peakDb, 10))
        .put("speech_dbfs", rounded(speechDb, 10))
        .put("noise_floor_dbfs", rounded(noiseFloorDb, 10))
        .put("snr_db", rounded(snrDb, 10))
        .put("clipped_ms", clippedMs)
        .put("hum_hz", humHz)
        .put("hum_dbfs", humDb == null ? null : (Object) rounded(humDb, 10))
        .put("echo_delay_ms", echoDelayMs)
        .put("echo_strength", rounded(echoStrength, 1000))
        .put("fast_fall_db", rounded(fastFallDb, 10))
        .put("leading_silence_ms", leadingSilenceMs)
        .put("trailing_silence_ms", trailingSilenceMs);
  }

  private static double rounded(double value, double steps) {
    return Math.round(value * steps) / steps;
  }
}
