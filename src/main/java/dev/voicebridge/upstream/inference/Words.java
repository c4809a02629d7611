package dev.voicebridge.upstream.inference;

import dev.voicebridge.upstream.UpstreamListener.Word;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Word times of one task, from its first sample and in its text. The vendor does not say whether
 * times begin anew with each sentence; a step back in time says that they do. Indices are the
 * vendor's within the sentence, so the sentence is looked up in what was sent.
 */
final class Words {
  private final StringBuilder text = new StringBuilder();
  private int sentenceStart;
  private int lastIndex = -1;
  private int lastEndMs;
  private long heardMs;

  /** Where the audio stood when the sentence began, ms. */
  private long sentenceStartMs;

  /** What must be added to the vendor's times in this sentence, ms. */
  private long offsetMs;

  void sent(String piece) {
    text.append(piece);
  }

  /**
   * @param ms length of the chunk; only meaningful for PCM
   */
  void heard(long ms) {
    heardMs += ms;
  }

  /**
   * @param output {@code payload.output} of a {@code result-generated}
   * @return the words of it that have a time, perhaps none
   */
  List<Word> of(JsonObject output) {
    JsonObject sentence = output.getJsonObject("sentence");
    if (sentence == null) {
      return List.of();
    }
    int index = sentence.getInteger("index", 0);
    boolean begins = index != lastIndex;
    if (begins) {
      lastIndex = index;
      sentenceStartMs = heardMs;
      offsetMs = 0;
    }
    String original = output.getString("original_text", "");
    JsonArray list = sentence.getJsonArray("words");
    if (list == null || list.isEmpty()) {
      return List.of();
    }
    int found = original.isEmpty() ? -1 : text.indexOf(original, sentenceStart);
    int textAt = found >= 0 ? found : sentenceStart;
    List<Word> words = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      JsonObject word = list.getJsonObject(i);
      int beginMs = word.getInteger("begin_time", 0);
      if (i == 0 && lastEndMs > 0 && beginMs < lastEndMs - offsetMs && index > 0) {
        offsetMs = Math.max(sentenceStartMs, lastEndMs);
      }
      int endMs = word.getInteger("end_time", beginMs);
      int begin = word.getInteger("begin_index", 0);
      words.add(
          new Word(
              word.getString("text", ""),
              textAt + begin,
              textAt + word.getInteger("end_index", begin),
              (int) (beginMs + offsetMs),
              (int) (endMs + offsetMs)));
    }
    lastEndMs = words.get(words.size() - 1).endMs();
    sentenceStart = textAt + original.length();
    return words;
  }
}
