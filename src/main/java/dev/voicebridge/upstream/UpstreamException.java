package dev.voicebridge.upstream;

import org.jspecify.annotations.Nullable;

/** A speech service could not do it. The message is fit for a caller's eyes: it holds no key. */
public final class UpstreamException extends RuntimeException {
  /** What went wrong, as far as the caller's next step depends on it. */
  public enum Kind {
    /** No connection. */
    UNREACHABLE,
    /** The service does not let us in. */
    REFUSED,
    /** Nothing came in time. */
    TIMEOUT,
    /** The connection ended before the speech did. */
    CLOSED,
    /** What came cannot be understood. */
    GARBAGE,
    /** Too many requests. */
    RATE_LIMITED,
    /** The service says no to this request. */
    SERVICE
  }

  private final Kind kind;
  private final @Nullable String vendorCode;

  public UpstreamException(Kind kind, @Nullable String vendorCode, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.vendorCode = vendorCode;
  }

  public UpstreamException(Kind kind, String message) {
    this(kind, null, message);
  }

  public Kind kind() {
    return kind;
  }

  /** The vendor's own code, null where there is none. */
  public @Nullable String vendorCode() {
    return vendorCode;
  }

  /** An error that the vendor put into words. */
  public static UpstreamException ofVendor(@Nullable String code, @Nullable String message) {
    String said = message == null || message.isEmpty() ? "no reason given" : message;
    Kind kind = Kind.SERVICE;
    if (code != null) {
      if (code.startsWith("Throttling")) {
        kind = Kind.RATE_LIMITED;
      } else if (code.equals("InvalidApiKey")
          || code.contains("AccessDenied")
          || code.equals("Arrearage")) {
        kind = Kind.REFUSED;
      }
    }
    return new UpstreamException(kind, code, said);
  }
}
