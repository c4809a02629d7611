package dev.voicebridge.text;

/**
 * Makes another text of a text that comes in pieces. What comes out depends on the text alone and
 * never on where it was cut. One for each text; not thread-safe.
 */
public interface Rewriter {
  /**
   * @return what is certain by now, perhaps empty
   */
  String feed(String piece);

  /** The text is over. Nothing may be fed afterwards. */
  String finish();

  /** Where everything that has come out comes from; grows with it. */
  Origins origins();
}
