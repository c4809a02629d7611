package dev.voicebridge.library;

import dev.voicebridge.audio.WavHeader;
import dev.voicebridge.enrolment.Preview;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A preview as it is kept: a whole file.
 *
 * @param mediaType {@code audio/wav}, {@code audio/mpeg} or {@code audio/ogg}
 */
public record KeptPreview(String mediaType, Buffer audio) {
  /** Null: a format that nobody here can name. */
  static @Nullable KeptPreview of(Preview preview) {
    return switch (preview.format()) {
      case "wav" -> new KeptPreview("audio/wav", preview.bytes());
      case "pcm" ->
          new KeptPreview(
              "audio/wav",
              Buffer.buffer(WavHeader.of(preview.sampleRateHz(), preview.bytes().length()))
                  .appendBuffer(preview.bytes()));
      case "mp3" -> new KeptPreview("audio/mpeg", preview.bytes());
      case "opus" -> new KeptPreview("audio/ogg", preview.bytes());
      default -> null;
    };
  }

  @Override
  public String toString() {
    return "KeptPreview[" + mediaType + ", " + audio.length() + " bytes]";
  }
}
