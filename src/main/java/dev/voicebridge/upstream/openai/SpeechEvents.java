package dev.voicebridge.upstream.openai;

import dev.voicebridge.sse.EventReader;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.pieces.PieceService.Hearing;
import dev.voicebridge.upstream.pieces.PieceService.Reading;
import dev.voicebridge.upstream.pieces.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/**
 * Sound in {@code speech.audio.delta} events, as base64 under {@code audio} (OpenAI, Speaches) or
 * {@code delta} (some versions of vLLM-Omni). Ends with {@code speech.audio.done}, {@code [DONE]}
 * or the body.
 */
final class SpeechEvents implements Reading {
  /** A minute of sound in one event. */
  private static final int MOST_EVENT_BYTES = 4 << 20;

  private final String key;
  private final Hearing hearing;
  private final EventReader events = new EventReader(MOST_EVENT_BYTES, this::event);
  private boolean done;

  SpeechEvents(String key, Hearing hearing) {
    this.key = key;
    this.hearing = hearing;
  }

  @Override
  public void add(Buffer bytes) {
    if (done) {
      return;
    }
    try {
      events.feed(bytes);
    } catch (IllegalStateException tooLong) {
      throw garbage("the service sent an event that is too long");
    }
  }

  @Override
  public void end() {
    done();
  }

  private void done() {
    if (!done) {
      done = true;
      hearing.done();
    }
  }

  private void event(String name, String data) {
    if (done) {
      return;
    }
    if (data.equals("[DONE]")) {
      done();
      return;
    }
    JsonObject event;
    try {
      event = new JsonObject(data);
    } catch (RuntimeException notJson) {
      throw garbage("the service sent an event that is no JSON");
    }
    String type = event.getValue("type") instanceof String said ? said : name;
    if (type.equals("error") || event.getValue("error") instanceof JsonObject) {
      throw Refusal.of(200, event.toBuffer(), key);
    } else if (type.equals("speech.audio.done")) {
      done();
    } else if (type.equals("speech.audio.delta") || type.equals("message")) {
      Object audio = event.getValue("audio");
      Object delta = audio instanceof String ? audio : event.getValue("delta");
      if (delta instanceof String base64) {
        hearing.sound(decoded(base64));
      }
    }
  }

  private static Buffer decoded(String base64) {
    try {
      return Buffer.buffer(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw garbage("the service sent sound that is no base64");
    }
  }

  private static UpstreamException garbage(String why) {
    return new UpstreamException(UpstreamException.Kind.GARBAGE, why);
  }
}
