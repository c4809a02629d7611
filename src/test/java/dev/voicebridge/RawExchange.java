package dev.voicebridge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One request as it goes over the wire, and its answer chunk by chunk. */
public final class RawExchange implements AutoCloseable {
  private static final int PATIENCE_MS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final Map<String, String> headers = new HashMap<>();
  private final int status;
  private long left = -1;

  private RawExchange(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 1024);
    this.status = Integer.parseInt(line().split(" ", 3)[1]);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (!isChunked()) {
      left = Long.parseLong(headers.getOrDefault("content-length", "0"));
    }
  }

  /**
   * @param request head and body with a blank line between; its length is added
   */
  public static RawExchange send(int port, String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setReceiveBufferSize(32 * 1024);
    socket.setSoTimeout(PATIENCE_MS);
    int blank = request.indexOf("\n\n");
    byte[] body = request.substring(blank + 2).strip().getBytes(StandardCharsets.UTF_8);
    String head = request.substring(0, blank).replace("\n", "\r\n");
    if (body.length > 0) {
      head += "\r\nContent-Length: " + body.length;
    }
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes((head + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    wire.writeBytes(body);
    socket.getOutputStream().write(wire.toByteArray());
    return new RawExchange(socket);
  }

  /** A speech request in JSON. */
  public static RawExchange speak(int port, String json, String... headers) throws IOException {
    StringBuilder head =
        new StringBuilder(
            "POST /v1/audio/speech HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/json\n");
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append('\n');
    }
    return send(port, head + "\n" + json);
  }

  public int status() {
    return status;
  }

  /** Empty when it is not there. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  public boolean isChunked() {
    return header("transfer-encoding").equals("chunked");
  }

  /**
   * The next chunk.
   *
   * @return empty at the end
   * @throws IOException when the transfer breaks
   */
  public byte[] piece() throws IOException {
    if (!isChunked()) {
      byte[] all = bytes((int) left);
      left = 0;
      return all;
    }
    int length = Integer.parseInt(line(), 16);
    byte[] chunk = bytes(length);
    line();
    return chunk;
  }

  /** All that is left. */
  public byte[] body() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece = piece(); piece.length > 0; piece = piece()) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("broken in the middle");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("broken in the middle");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
