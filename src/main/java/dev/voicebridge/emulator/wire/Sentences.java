package dev.voicebridge.emulator.wire;

import java.util.ArrayList;
import java.util.List;

/** A whole text in pieces short enough to hold their audio. */
public final class Sentences {
  private Sentences() {}

  /** The sentences that have something to say. */
  public static List<String> of(String text) {
    SentenceCutter cutter = new SentenceCutter();
    List<String> sentences = new ArrayList<>(cutter.add(text));
    sentences.add(cutter.rest());
    sentences.removeIf(sentence -> !TextCount.isSpeakable(sentence));
    return sentences;
  }
}
