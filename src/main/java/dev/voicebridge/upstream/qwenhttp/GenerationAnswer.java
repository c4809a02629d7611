package dev.voicebridge.upstream.qwenhttp;

import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import dev.voicebridge.upstream.pieces.PieceService.Hearing;
import dev.voicebridge.upstream.pieces.PieceService.Reading;
import dev.voicebridge.upstream.pieces.SoundEvents;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** The answer without a stream: where the sound is, or why there is none. */
final class GenerationAnswer implements Reading {
  private static final int MOST_BYTES = 64 * 1024;

  private final GenerationService service;
  private final Hearing hearing;
  private final Buffer body = Buffer.buffer();

  GenerationAnswer(GenerationService service, Hearing hearing) {
    this.service = service;
    this.hearing = hearing;
  }

  @Override
  public void add(Buffer bytes) {
    body.appendBuffer(bytes);
    if (body.length() > MOST_BYTES) {
      throw new UpstreamException(Kind.GARBAGE, "the service sent an answer that is too long");
    }
  }

  @Override
  public void end() {
    JsonObject said = GenerationService.object(body.toString());
    if (said == null) {
      throw new UpstreamException(Kind.GARBAGE, "the service sent an answer that is no JSON");
    }
    GenerationService.tell(said, hearing);
    UpstreamException error = service.error(said);
    if (error != null) {
      throw error;
    }
    JsonObject audio = GenerationService.inside(GenerationService.inside(said, "output"), "audio");
    String url = GenerationService.text(audio, "url");
    String data = GenerationService.text(audio, "data");
    if (url != null && !url.isEmpty()) {
      hearing.elsewhere(url);
    } else if (data != null && !data.isEmpty()) {
      hearing.sound(SoundEvents.sound(data));
      hearing.done();
    } else {
      throw new UpstreamException(Kind.GARBAGE, "the service answered without sound");
    }
  }
}
