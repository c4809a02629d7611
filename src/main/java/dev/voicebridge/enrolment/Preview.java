package dev.voicebridge.enrolment;

import io.vertx.core.buffer.Buffer;

/**
 * A designed voice, heard.
 *
 * @param format {@code wav}, {@code pcm}, {@code mp3} or {@code opus}
 */
public record Preview(Buffer bytes, String format, int sampleRateHz) {
  @Override
  public String toString() {
    return "Preview[" + bytes.length() + " bytes, " + format + ", " + sampleRateHz + " Hz]";
  }
}
