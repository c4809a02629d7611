package dev.voicebridge.audio;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The four encodings of the session protocol. Always mono. */
public enum AudioFormat {
  /** 16-bit signed little-endian samples, no header. */
  PCM("audio/pcm"),
  /** PCM behind a 44-byte RIFF header whose sizes are open, because the length is not known yet. */
  WAV("audio/wav"),
  /** MPEG audio layer III, constant bit rate. */
  MP3("audio/mpeg"),
  /** Opus in Ogg. */
  OPUS("audio/ogg");

  private final String mediaType;

  AudioFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** The name on the wire: {@code pcm}, {@code wav}, {@code mp3}, {@code opus}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String mediaType() {
    return mediaType;
  }

  /** Whether every two bytes are one sample (after the header, if there is one). */
  public boolean isLinear() {
    return this == PCM || this == WAV;
  }

  /**
   * @return null when no format has that wire name; case counts, as with the vendor
   */
  public static @Nullable AudioFormat parse(String wireName) {
    for (AudioFormat format : values()) {
      if (format.wireName().equals(wireName)) {
        return format;
      }
    }
    return null;
  }
}
