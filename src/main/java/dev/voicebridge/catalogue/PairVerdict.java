package dev.voicebridge.catalogue;

import java.util.List;

/** What is known about a model and a voice together. */
public sealed interface PairVerdict {
  /** Known to work. */
  record Fine() implements PairVerdict {}

  /**
   * Not known: pass it on, and tell the caller so. {@code param} is {@code model} or {@code voice}.
   */
  record Unknown(String param, String message) implements PairVerdict {}

  /**
   * Known to be wrong: never sent to the vendor.
   *
   * @param nearest the nearest valid choice for {@code param}, best first
   */
  record Refused(String param, String message, List<String> nearest) implements PairVerdict {}
}
