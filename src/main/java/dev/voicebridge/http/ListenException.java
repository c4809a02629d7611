package dev.voicebridge.http;

/** An address cannot be listened on; the message is one readable line. */
public final class ListenException extends RuntimeException {
  ListenException(String host, int port, Throwable cause) {
    super("cannot listen on " + host + ":" + port + ": " + reason(cause), cause);
  }

  private static String reason(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    // The native transport says: bind(..) failed with error(-98): Address already in use
    return message
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^bind\\(.*?error\\(-?\\d+\\): ", "");
  }
}
