package dev.voicebridge.enrolment;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Recorded speech, at hand or somewhere else. */
public sealed interface Sample {
  /** How it travels and what it is, without the audio itself. */
  JsonObject describe();

  /**
   * The audio itself.
   *
   * @param bytes not changed by anyone afterwards
   * @param mimeType {@code audio/wav}, {@code audio/mpeg} or {@code audio/mp4}
   */
  record Inline(Buffer bytes, String mimeType) implements Sample {
    public int size() {
      return bytes.length();
    }

    /** SHA-256, lower-case hex. */
    public String sha256() {
      try {
        return HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.getBytes()));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Made from the contents: what the caller named its file stays here. */
    String fileName() {
      String extension =
          switch (mimeType.toLowerCase(Locale.ROOT)) {
            case "audio/mpeg", "audio/mp3" -> "mp3";
            case "audio/mp4", "audio/m4a", "audio/x-m4a" -> "m4a";
            default -> "wav";
          };
      return sha256().substring(0, 32) + "." + extension;
    }

    @Override
    public JsonObject describe() {
      return new JsonObject()
          .put("source", "inline")
          .put("bytes", size())
          .put("mime_type", mimeType)
          .put("sha256", sha256());
    }

    @Override
    public String toString() {
      return "Inline[" + size() + " bytes, " + mimeType + "]";
    }
  }

  /**
   * A public URL, or an {@code oss://} one of the same account.
   *
   * <p>The provider fetches it, not this package; whoever takes it from a stranger lets {@link
   * SampleUrlGuard} look at it first.
   */
  record AtUrl(String url) implements Sample {
    @Override
    public JsonObject describe() {
      // Signed links are secrets of somebody: what follows the path stays out of evidence.
      return new JsonObject().put("source", "url").put("url", url.replaceFirst("\\?.*", "?…"));
    }
  }
}
