package dev.voicebridge.upstream.pieces;

import dev.voicebridge.sse.EventReader;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/** Server-sent events of JSON with sound in base64; what is none of that is garbage. */
public final class SoundEvents {
  /** A minute of sound in one event. */
  private static final int MOST_EVENT_BYTES = 4 << 20;

  private final EventReader events;

  public SoundEvents(EventReader.Listener listener) {
    this.events = new EventReader(MOST_EVENT_BYTES, listener);
  }

  /**
   * The next bytes of the body, cut anywhere.
   *
   * @throws UpstreamException when an event is too long, or as the listener does
   */
  public void add(Buffer bytes) {
    try {
      events.feed(bytes);
    } catch (IllegalStateException tooLong) {
      throw garbage("the service sent an event that is too long");
    }
  }

  public static JsonObject json(String data) {
    try {
      return new JsonObject(data);
    } catch (RuntimeException notAnObject) {
      throw garbage("the service sent an event that is no JSON");
    }
  }

  public static Buffer sound(String base64) {
    try {
      return Buffer.buffer(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw garbage("the service sent sound that is no base64");
    }
  }

  private static UpstreamException garbage(String why) {
    return new UpstreamException(Kind.GARBAGE, why);
  }
}
