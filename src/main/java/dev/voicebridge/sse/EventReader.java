package dev.voicebridge.sse;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;

/**
 * Cuts the body of a {@code text/event-stream} answer into its events, as the WHATWG HTML standard,
 * section 9.2.6, has it: fields {@code event} and {@code data}, a blank line ends an event, lines
 * that begin with a colon are comments. Lines end with LF or CR LF. One thread only.
 */
public final class EventReader {
  /** Takes the events, in their order. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param name {@code message} where the stream gives none
     * @param data lines joined with LF; never empty
     */
    void event(String name, String data);
  }

  private static final String UNNAMED = "message";

  private final Listener listener;
  private final int maxBytes;
  private final RecordParser lines;
  private final StringBuilder data = new StringBuilder();
  private String name = UNNAMED;
  private boolean first = true;

  /**
   * @param maxBytes most of one event; at least 1
   */
  public EventReader(int maxBytes, Listener listener) {
    this.listener = listener;
    this.maxBytes = maxBytes;
    this.lines =
        RecordParser.newDelimited("\n", line -> line(line.toString(StandardCharsets.UTF_8)));
    lines.maxRecordSize(maxBytes);
  }

  /**
   * Takes the next bytes of the body, cut anywhere.
   *
   * @throws IllegalStateException when an event is longer than allowed: nothing more may be fed
   */
  public void feed(Buffer bytes) {
    lines.handle(bytes);
  }

  private void line(String ended) {
    String line = ended.endsWith("\r") ? ended.substring(0, ended.length() - 1) : ended;
    if (first) {
      first = false;
      line = line.startsWith("\uFEFF") ? line.substring(1) : line;
    }
    if (line.isEmpty()) {
      dispatch();
      return;
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    if (field.equals("event")) {
      name = value.isEmpty() ? UNNAMED : value;
    } else if (field.equals("data")) {
      if (data.length() + value.length() > maxBytes) {
        throw new IllegalStateException("an event is longer than " + maxBytes);
      }
      data.append(value).append('\n');
    }
  }

  private void dispatch() {
    String said = name;
    name = UNNAMED;
    if (data.length() > 0) {
      String whole = data.substring(0, data.length() - 1);
      data.setLength(0);
      if (!whole.isEmpty()) {
        listener.event(said, whole);
      }
    }
  }
}
