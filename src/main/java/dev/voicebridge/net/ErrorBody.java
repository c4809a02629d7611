package dev.voicebridge.net;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** What a service says with an answer that is no success. */
public final class ErrorBody {
  /** An error is some lines; a page of a proxy may be more, and its beginning is enough. */
  private static final int MOST_BYTES = 16 * 1024;

  private ErrorBody() {}

  /** Takes it. */
  @FunctionalInterface
  public interface Reader {
    /**
     * @param ended whether the answer came to its end, so that its connection is free again
     */
    void read(Buffer body, boolean ended);
  }

  /**
   * Reads the body as far as it comes, a little more than 16 KiB at the most. Must be called before
   * the answer's first bytes can arrive, on its event loop.
   *
   * @param reader called once
   */
  public static void of(HttpClientResponse answer, Reader reader) {
    Once once = new Once(reader);
    answer.exceptionHandler(gone -> once.done(false));
    answer.handler(
        bytes -> {
          once.body.appendBuffer(bytes);
          if (once.body.length() > MOST_BYTES) {
            // What else comes is not kept.
            answer.handler(more -> {});
            once.done(false);
          }
        });
    answer.endHandler(end -> once.done(true));
  }

  private static final class Once {
    private final Buffer body = Buffer.buffer();
    private final Reader reader;
    private boolean done;

    Once(Reader reader) {
      this.reader = reader;
    }

    void done(boolean ended) {
      if (!done) {
        done = true;
        reader.read(body, ended);
      }
    }
  }
}
