package dev.voicebridge.upstream.pieces;

import dev.voicebridge.net.ErrorText;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import io.vertx.core.buffer.Buffer;

/** An answer that is no sound, and what it means. */
public final class Refusal {
  private Refusal() {}

  /**
   * @param status 2xx: it said yes, and gave no sound
   * @param key to be kept out of the message
   */
  public static UpstreamException of(int status, Buffer body, String key) {
    ErrorText said = ErrorText.of(body, key);
    Kind kind =
        switch (status) {
          case 401, 403 -> Kind.REFUSED;
          case 429 -> Kind.RATE_LIMITED;
          default -> status / 100 == 2 && said.isSilent() ? Kind.GARBAGE : Kind.SERVICE;
        };
    String message =
        switch (status) {
          case 401 -> "the service refuses the key";
          case 403 ->
              "the service does not allow it (is the account verified, and has it a balance?)";
          case 404 -> "the service does not know the address or the model";
          case 413 -> "the text is too long";
          case 429 -> "too many requests";
          default ->
              status / 100 == 2
                  ? "the service answered without sound"
                  : "the service answered HTTP " + status;
        };
    return new UpstreamException(kind, said.code(), said.after(message));
  }
}
