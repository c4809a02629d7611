package dev.voicebridge.sample;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a file is, told by its first bytes: names and declared types lie too often. */
public enum Container {
  WAV("wav", "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
  MP3("mp3", "audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/mpeg3"),
  M4A("m4a", "audio/mp4", "audio/m4a", "audio/x-m4a", "video/mp4", "audio/aac"),
  AAC("aac", "audio/aac", "audio/aacp", "audio/x-aac"),
  OGG("ogg", "audio/ogg", "application/ogg", "audio/opus"),
  FLAC("flac", "audio/flac", "audio/x-flac"),
  WEBM("webm", "audio/webm", "video/webm"),
  AIFF("aiff", "audio/aiff", "audio/x-aiff"),
  AMR("amr", "audio/amr"),
  TEXT("text", "text/plain"),
  UNKNOWN("unknown", "application/octet-stream");

  /** Says nothing about the content. */
  private static final Set<String> NOTHING_SAID = Set.of("application/octet-stream", "");

  private static final int TEXT_PROBE_BYTES = 512;

  private final String wireName;

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  private final Set<String> mediaTypes;

  Container(String wireName, String... mediaTypes) {
    this.wireName = wireName;
    this.mediaTypes = Set.of(mediaTypes);
  }

  public String wireName() {
    return wireName;
  }

  /** Whether a declared media type, parameters and all, is one of this container's. */
  boolean matches(@Nullable String declared) {
    if (declared == null) {
      return true;
    }
    int parameters = declared.indexOf(';');
    String type =
        (parameters < 0 ? declared : declared.substring(0, parameters))
            .strip()
            .toLowerCase(Locale.ROOT);
    return NOTHING_SAID.contains(type) || mediaTypes.contains(type);
  }

  static Container of(byte[] bytes) {
    if (starts(bytes, 0, "RIFF") && (bytes.length < 12 || starts(bytes, 8, "WAVE"))) {
      return WAV;
    }
    if (starts(bytes, 4, "ftyp") || starts(bytes, 4, "moov") || starts(bytes, 4, "mdat")) {
      return M4A;
    }
    if (starts(bytes, 0, "ID3")) {
      return MP3;
    }
    if (starts(bytes, 0, "OggS")) {
      return OGG;
    }
    if (starts(bytes, 0, "fLaC")) {
      return FLAC;
    }
    if (starts(bytes, 0, "\u001aE\u00df\u00a3")) {
      return WEBM;
    }
    if (starts(bytes, 0, "FORM")) {
      return AIFF;
    }
    if (starts(bytes, 0, "#!AMR")) {
      return AMR;
    }
    if (bytes.length > 2 && (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xF6) == 0xF0) {
      return AAC;
    }
    if (Mp3File.findFrame(bytes, 0, Math.min(bytes.length, 4096)) >= 0) {
      return MP3;
    }
    return isText(bytes) ? TEXT : UNKNOWN;
  }

  private static boolean starts(byte[] bytes, int at, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < at + wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(byte[] bytes) {
    int length = Math.min(bytes.length, TEXT_PROBE_BYTES);
    for (int i = 0; i < length; i++) {
      int b = bytes[i] & 0xFF;
      if (b == 0x7F || (b < ' ' && b != '\n' && b != '\r' && b != '\t')) {
        return false;
      }
    }
    return length > 1;
  }
}
