package dev.voicebridge.sample;

import io.vertx.core.json.JsonObject;

/**
 * What a file is. Unknown numbers are 0.
 *
 * @param codec {@code pcm}, {@code float}, {@code mp3}, {@code aac}; empty when unknown
 * @param bitDepth bits of a sample; 16 for MP3 and AAC, as they are decoded
 * @param durationMs of all of it, also where only the first minutes were listened to
 */
public record SampleFile(
    Container container,
    String codec,
    int bitDepth,
    int sampleRateHz,
    int channels,
    long durationMs,
    int sizeBytes) {

  JsonObject toJson() {
    return new JsonObject()
        .put("container", container.wireName())
        .put("codec", codec)
        .put("bit_depth", bitDepth)
        .put("sample_rate", sampleRateHz)
        .put("channels", channels)
        .put("duration_ms", durationMs)
        .put("size_bytes", sizeBytes);
  }
}
