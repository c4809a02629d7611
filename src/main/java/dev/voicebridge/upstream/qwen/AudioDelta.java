package dev.voicebridge.upstream.qwen;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The fast path: takes the audio out of a {@code response.audio.delta} event without making a
 * String or a tree of it. Anything but a flat object of plain strings and integers is left to the
 * full parser, so this may be narrow; what it accepts, the full parser reads the same way.
 */
final class AudioDelta {
  private static final byte[] TYPE_KEY = ascii("type");
  private static final byte[] DELTA_KEY = ascii("delta");
  private static final byte[] TYPE = ascii("response.audio.delta");

  private static final int MAX_DIGITS = 18;
  private static final int MAX_KEY_BYTES = 64;

  private AudioDelta() {}

  /**
   * @param json one UTF-8 text message
   * @return the decoded audio; null when the full parser must look
   */
  static byte @Nullable [] scan(byte[] json) {
    int at = blanks(json, 0);
    if (at >= json.length || json[at] != '{') {
      return null;
    }
    boolean isDelta = false;
    byte[] audio = null;
    at = blanks(json, at + 1);
    while (at < json.length && json[at] == '"') {
      int keyEnd = stringEnd(json, at + 1);
      if (keyEnd < 0 || keyEnd - at > MAX_KEY_BYTES) {
        return null;
      }
      int keyStart = at + 1;
      at = blanks(json, keyEnd + 1);
      if (at >= json.length || json[at] != ':') {
        return null;
      }
      at = blanks(json, at + 1);
      if (at >= json.length) {
        return null;
      }
      if (json[at] == '"') {
        boolean delta = same(json, keyStart, keyEnd, DELTA_KEY);
        int valueStart = at + 1;
        int valueEnd = delta ? deltaEnd(json, valueStart) : stringEnd(json, valueStart);
        if (valueEnd < 0) {
          return null;
        }
        if (delta) {
          if (audio != null) {
            return null;
          }
          audio = decode(json, valueStart, valueEnd);
          if (audio == null) {
            return null;
          }
        } else if (same(json, keyStart, keyEnd, TYPE_KEY)) {
          if (isDelta || !same(json, valueStart, valueEnd, TYPE)) {
            return null;
          }
          isDelta = true;
        }
        at = valueEnd + 1;
      } else {
        int digits = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
          at++;
        }
        // No digits: a nested value, a literal, a sign. A leading zero is not JSON, and a very long
        // number is more than the parser takes.
        if (at == digits
            || at - digits > MAX_DIGITS
            || (json[digits] == '0' && at - digits > 1)
            || same(json, keyStart, keyEnd, TYPE_KEY)
            || same(json, keyStart, keyEnd, DELTA_KEY)) {
          return null;
        }
      }
      at = blanks(json, at);
      if (at < json.length && json[at] == ',') {
        at = blanks(json, at + 1);
        if (at < json.length && json[at] != '"') {
          return null;
        }
      } else {
        break;
      }
    }
    if (at >= json.length || json[at] != '}' || blanks(json, at + 1) != json.length) {
      return null;
    }
    return isDelta ? audio : null;
  }

  /**
   * The slow and sure way.
   *
   * @return the audio of a delta event; empty when there is none in it
   * @throws IllegalArgumentException when {@code delta} is not base64
   */
  static Buffer parse(JsonObject event) {
    Object delta = event.getValue("delta");
    if (delta == null) {
      return Buffer.buffer();
    }
    if (!(delta instanceof String text)) {
      throw new IllegalArgumentException("delta is not a string");
    }
    return Buffer.buffer(Base64.getDecoder().decode(text));
  }

  /** Where the base64 ends: as a rule the last quote of the message, which saves a walk over it. */
  private static int deltaEnd(byte[] json, int from) {
    int last = json.length - 1;
    while (last >= from && isBlank(json[last])) {
      last--;
    }
    if (last >= from && json[last] == '}') {
      last--;
      while (last >= from && isBlank(json[last])) {
        last--;
      }
      if (last >= from && json[last] == '"' && noQuoteNear(json, from, last)) {
        return last;
      }
    }
    return stringEnd(json, from);
  }

  /**
   * Whether the value may reach to {@code last}. Decoding refuses every quote, so a wrong guess is
   * only slow; a value followed by other short fields is worth a look.
   */
  private static boolean noQuoteNear(byte[] json, int from, int last) {
    for (int i = last - 1; i >= from && i > last - 256; i--) {
      if (json[i] == '"') {
        return false;
      }
    }
    return true;
  }

  /**
   * @return null when it is not plain base64
   */
  private static byte @Nullable [] decode(byte[] json, int from, int to) {
    try {
      // Reads the array behind the buffer, without a copy; what it returns fills its array.
      return Base64.getDecoder().decode(ByteBuffer.wrap(json, from, to - from)).array();
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /**
   * @return the index of the closing quote; −1 when there is an escape, a control character or no
   *     end
   */
  private static int stringEnd(byte[] json, int from) {
    for (int i = from; i < json.length; i++) {
      byte b = json[i];
      if (b == '"') {
        return i;
      }
      if (b == '\\' || (b >= 0 && b < 0x20)) {
        return -1;
      }
    }
    return -1;
  }

  private static int blanks(byte[] json, int from) {
    int at = from;
    while (at < json.length && isBlank(json[at])) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static boolean same(byte[] json, int from, int to, byte[] word) {
    if (to - from != word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (json[from + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String word) {
    return word.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
