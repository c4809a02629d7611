package dev.voicebridge.net;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * A {@code multipart/form-data} body, whole, so that its length is known: object stores take no
 * chunked forms, and the order of the parts counts there. Parts keep the order of the calls.
 */
public final class Multipart {
  private final String boundary = "voicebridge-" + UUID.randomUUID();
  private final Buffer body = Buffer.buffer();

  public Multipart text(String name, String value) {
    head(name).appendString("\r\n\r\n").appendString(value).appendString("\r\n");
    return this;
  }

  public Multipart file(String name, String fileName, String mimeType, Buffer bytes) {
    head(name)
        .appendString("; filename=\"" + quoted(fileName) + "\"\r\nContent-Type: ")
        .appendString(mimeType.replaceAll("[^\\x21-\\x7e]", ""))
        .appendString("\r\n\r\n")
        .appendBuffer(bytes)
        .appendString("\r\n");
    return this;
  }

  private Buffer head(String name) {
    return body.appendString(
        "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + quoted(name) + "\"");
  }

  private static String quoted(String name) {
    return name.replace("\\", "_").replace("\"", "%22").replaceAll("\\p{Cntrl}", "_");
  }

  public String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  /** Call once, last. */
  public Buffer end() {
    return body.appendString("--" + boundary + "--\r\n");
  }
}
