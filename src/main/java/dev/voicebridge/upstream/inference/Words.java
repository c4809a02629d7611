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
  private int sentenceEnd;
  private int lastIndex = -1;
  private int lastEndMs;

  /** How many words of the sentence have been told; a sentence may be reported again. */
  private int told;

  private final int sampleRateHz;
  private long heardBytes;

  /** Where the audio stood when the sentence began, ms. */
  private long sentenceStartMs;

  /** What must be added to the vendor's times in this sentence, ms. */
  private long offsetMs;

  Words(int sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
  }

  void sent(String piece) {
    text.append(piece);
  }

  /** So much audio came; only meaningful for PCM. */
  void heard(int bytes) {
    heardBytes += bytes;
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
      sentenceStartMs = heardBytes * 500 / sampleRateHz;
      told = 0;
      offsetMs = 0;
      sentenceStart = sentenceEnd;
    }
    String original = output.getString("original_text", "");
    JsonArray list = sentence.getJsonArray("words");
    if (list == null || list.size() <= told) {
      return List.of();
    }
    int found = original.isEmpty() ? -1 : text.indexOf(original, sentenceStart);
    int textAt = found >= 0 ? found : sentenceStart;
    List<Word> words = new ArrayList<>(list.size());
    for (int i = told; i < list.size(); i++) {
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
    told = list.size();
    lastEndMs = words.get(words.size() - 1).endMs();
    sentenceEnd = Math.max(textAt + original.length(), words.get(words.size() - 1).endIndex());
    return words;
  }
}
