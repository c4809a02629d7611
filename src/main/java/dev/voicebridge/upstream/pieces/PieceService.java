package dev.voicebridge.upstream.pieces;

import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.UpstreamException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * A service that speaks a whole text in one HTTP request, for one caller: what to ask, and how the
 * answer is heard. Event loop only.
 */
public interface PieceService {
  /** With warm connections to it. */
  HttpClient client();

  /** How many may be asked at once. */
  Places places();

  /** Goes into the header {@code Authorization}, and into no message; empty: none is sent. */
  String key();

  /**
   * Whether sound comes while the service still speaks, so that a long piece begins as soon as a
   * short one.
   */
  boolean streams();

  /**
   * What to ask for a text with something to pronounce.
   *
   * @throws UpstreamException when it cannot be asked
   */
  Order order(String text, SpeechSettings settings);

  /**
   * Who makes sound of an answer with status 2xx.
   *
   * @param mediaType lower case, with its parameters; perhaps empty
   * @return null: it is no sound, but says why not
   */
  @Nullable Reading reading(String mediaType, Hearing hearing);

  /** An answer that is no sound. */
  UpstreamException refusal(int status, Buffer body);

  /**
   * Where to get a sound that an answer only points at. No key goes there.
   *
   * @return fails with {@link UpstreamException} where nobody should be led
   */
  default Future<RequestOptions> file(String url) {
    return Future.failedFuture(
        new UpstreamException(
            UpstreamException.Kind.GARBAGE, "the service answered with a link instead of sound"));
  }

  /**
   * A POST.
   *
   * @param accept empty: anything
   * @param stream whether {@code X-DashScope-SSE} asks for a stream
   * @param hz the rate of what comes, unless the answer says another
   */
  record Order(
      String url, String contentType, String accept, boolean stream, Buffer body, int hz) {}

  /** Makes sound of a body; throws {@link UpstreamException} where that can't be done. */
  interface Reading {
    void add(Buffer bytes);

    /** The body is over. */
    void end();
  }

  /** What becomes of the body. */
  interface Hearing {
    /** The next bytes: 16-bit mono samples, perhaps behind a WAV header, cut anywhere. */
    void sound(Buffer bytes);

    /** What the service counts for all of the piece. */
    void characters(int count);

    /** How the service calls the request. */
    void named(String request);

    /** All of the sound is there, and not in the body. */
    void elsewhere(String url);

    /** There is no more, whether the body is over or not. */
    void done();
  }

  /** For a body that is the sound. */
  static Reading plain(Hearing hearing) {
    return new Reading() {
      @Override
      public void add(Buffer bytes) {
        hearing.sound(bytes);
      }

      @Override
      public void end() {
        hearing.done();
      }
    };
  }
}
