package dev.voicebridge.library;

/** How it is known that the speaker of a sample agreed. */
public enum Agreement {
  /** Nobody says so: no clone is made. */
  NONE,
  /** The caller stated it with the request. */
  STATED,
  /** A vendor-shaped door has no field for it: the word of the key's holder. */
  KEY_HOLDER;

  String how() {
    return this == STATED ? "stated" : "key_holder";
  }
}
