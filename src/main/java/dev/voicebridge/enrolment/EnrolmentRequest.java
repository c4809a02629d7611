package dev.voicebridge.enrolment;

/** What a voice is made from. */
public sealed interface EnrolmentRequest permits CloneRequest, DesignRequest {
  /** The exact model, snapshot included, that will speak with the voice. */
  String targetModel();

  /** A legal name hint of the provider's; see {@link Prefix}. */
  String prefix();
}
