package dev.voicebridge.upstream.qwenhttp;

import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import dev.voicebridge.upstream.pieces.PieceService.Hearing;
import dev.voicebridge.upstream.pieces.PieceService.Reading;
import dev.voicebridge.upstream.pieces.SoundEvents;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a synthesis. Its last event has a {@code finish_reason} that is not the string
 * "null", and the link to all of the sound, which matters only where there was none before. A
 * stream that ends earlier was cut.
 */
final class GenerationEvents implements Reading {
  private final GenerationService service;
  private final Hearing hearing;
  private final SoundEvents events = new SoundEvents(this::event);
  private boolean sounded;
  private boolean done;

  GenerationEvents(GenerationService service, Hearing hearing) {
    this.service = service;
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
    if (!done) {
      throw new UpstreamException(Kind.CLOSED, "the service closed the connection before the end");
    }
  }

  private void event(String name, String data) {
    if (done) {
      return;
    }
    JsonObject said = SoundEvents.json(data);
    GenerationService.tell(said, hearing);
    UpstreamException error = service.error(said);
    if (error != null) {
      throw error;
    }
    if (name.equals("error")) {
      throw new UpstreamException(Kind.SERVICE, "the service failed without a reason");
    }
    JsonObject output = GenerationService.inside(said, "output");
    JsonObject audio = GenerationService.inside(output, "audio");
    String delta = GenerationService.text(audio, "data");
    if (delta != null && !delta.isEmpty()) {
      sounded = true;
      hearing.sound(SoundEvents.sound(delta));
    }
    String url = GenerationService.text(audio, "url");
    if (isLast(GenerationService.text(output, "finish_reason"))) {
      done = true;
      if (!sounded && url != null && !url.isEmpty()) {
        hearing.elsewhere(url);
      } else {
        hearing.done();
      }
    }
  }

  private static boolean isLast(@Nullable String reason) {
    return reason != null && !reason.isEmpty() && !reason.equals("null");
  }
}
