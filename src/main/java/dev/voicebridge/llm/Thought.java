package dev.voicebridge.llm;

/**
 * Takes out what self-hosted models think aloud: a {@code <think>…</think>} before the answer,
 * which services with a field of its own for it never send. One thread only.
 */
final class Thought {
  private static final String BEGIN = "<think>";
  private static final String END = "</think>";

  /** What may still be a mark. */
  private final StringBuilder held = new StringBuilder();

  private boolean inside;
  private boolean over;

  /**
   * @return what of it is the answer, perhaps empty
   */
  String feed(String delta) {
    if (over) {
      return delta;
    }
    held.append(delta);
    if (!inside) {
      String begun = held.toString().stripLeading();
      if (begun.startsWith(BEGIN)) {
        inside = true;
        held.setLength(0);
        held.append(begun, BEGIN.length(), begun.length());
      } else if (BEGIN.startsWith(begun)) {
        return "";
      } else {
        return rest();
      }
    }
    int end = held.indexOf(END);
    if (end < 0) {
      // Only its end may be the beginning of the mark.
      held.delete(0, Math.max(0, held.length() - END.length()));
      return "";
    }
    held.delete(0, end + END.length());
    return rest().stripLeading();
  }

  /** There is no more; what was held back as a possible mark was none. */
  String finish() {
    return over || inside ? "" : rest();
  }

  private String rest() {
    over = true;
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }
}
