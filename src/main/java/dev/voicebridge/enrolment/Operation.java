package dev.voicebridge.enrolment;

/** What a provider may be able to do. */
public enum Operation {
  CLONE,
  DESIGN,
  QUERY,
  LIST,
  UPDATE,
  DELETE
}
