package dev.voicebridge.upstream.openai;

import dev.voicebridge.upstream.pieces.PieceService.Hearing;
import dev.voicebridge.upstream.pieces.PieceService.Reading;
import dev.voicebridge.upstream.pieces.Refusal;
import dev.voicebridge.upstream.pieces.SoundEvents;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * Sound in {@code speech.audio.delta} events, as base64 under {@code audio} (OpenAI, Speaches) or
 * {@code delta} (some versions of vLLM-Omni). Ends with {@code speech.audio.done}, {@code [DONE]}
 * or the body.
 */
final class SpeechEvents implements Reading {
  private final String key;
  private final Hearing hearing;
  private final SoundEvents events = new SoundEvents(this::event);
  private boolean done;

  SpeechEvents(String key, Hearing hearing) {
    this.key = key;
    this.hearing = hearing;
  }

  @Override
  public void add(Buffer bytes) {
    if (!done) {
      events.add(bytes);
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
    JsonObject event = SoundEvents.json(data);
    String type = event.getValue("type") instanceof String said ? said : name;
    if (type.equals("error") || event.getValue("error") instanceof JsonObject) {
      throw Refusal.of(200, event.toBuffer(), key);
    } else if (type.equals("speech.audio.done")) {
      done();
    } else if (type.equals("speech.audio.delta") || type.equals("message")) {
      Object audio = event.getValue("audio");
      Object delta = audio instanceof String ? audio : event.getValue("delta");
      if (delta instanceof String base64) {
        hearing.sound(SoundEvents.sound(base64));
      }
    }
  }
}
