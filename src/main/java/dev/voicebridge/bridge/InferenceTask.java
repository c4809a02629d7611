package dev.voicebridge.bridge;

import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.upstream.Sentences;
import dev.voicebridge.upstream.SpeechText;
import dev.voicebridge.upstream.UpstreamListener.Word;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One task of an {@link InferenceSession}: text that comes whole or in pieces, spoken by the
 * session's speaker, and one stream of audio with events about its sentences. Event loop only.
 */
final class InferenceTask {
  /** The vendor's limits, in its own count. */
  private static final int MOST_A_MESSAGE = 20_000;

  private static final int MOST_A_TASK = 200_000;
  private static final int MOST_WHOLE = 10_000;

  /** Audio that came a moment ago says that more is on its way. */
  private static final long SPEAKING_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What the session learns; exactly one of the first two, once, unless the task is dropped. */
  interface Owner {
    void finished(InferenceTask task);

    void failed(InferenceTask task, TaskError why);

    /** What held audio back holds it back no longer. */
    void relieved();

    void broke(Throwable bug);
  }

  private final TaskOrder order;
  private final TaskPlan plan;
  private final SessionLimits limits;
  private final Speaker speaker;
  private final TaskEvents events;
  private final Owner owner;
  private final Recoding recoding;

  /** What text goes to; null: the next text begins one. */
  private @Nullable Turn turn;

  /** How much text came: in the vendor's count, in UTF-16 units, in messages. */
  private int charactersIn;

  private int unitsIn;
  private int textsIn;
  private boolean finishing;
  private boolean ending;
  private boolean over;
  private long textNanos = System.nanoTime();

  /** Zero: no audio yet. */
  private long audioNanos;

  private @Nullable String vendorRequest;

  /** What the service counted, as far as it did; and what it spoke in all, ms. */
  private int characters;

  private boolean counted = true;
  private long spokenMs;

  // On the way in: where audio stands among sentences.
  private boolean inSentence;

  // On the way out, where a codec may be behind.
  private int sentence = -1;
  private @Nullable String sentenceText;
  private JsonArray sentenceWords = new JsonArray();
  private boolean sentenceOpen;
  private int charactersOut;

  /** Of a whole text: where its sentences end, UTF-16; and the words of the one that is spoken. */
  private final List<Integer> ends = new ArrayList<>();

  private int group = -1;
  private JsonArray groupWords = new JsonArray();

  InferenceTask(
      SessionHost host,
      SessionLimits limits,
      TaskOrder order,
      TaskPlan plan,
      Speaker speaker,
      TaskEvents events,
      Owner owner) {
    this.order = order;
    this.plan = plan;
    this.limits = limits;
    this.speaker = speaker;
    this.events = events;
    this.owner = owner;
    this.recoding =
        new Recoding(
            host.vertx(),
            plan.settings().speech(),
            plan.format(),
            plan.rateHz(),
            plan.bitRateKbps(),
            new Recoded());
  }

  String id() {
    return order.taskId();
  }

  // -- what the client says -----------------------------------------------------------------------

  /**
   * @throws TaskError when the text that came with it cannot be spoken
   */
  void begin() {
    JsonObject attributes = new JsonObject();
    if (!plan.ignored().isEmpty()) {
      attributes.put("ignored", new JsonArray(plan.ignored()));
    }
    events.started(id(), attributes);
    if (!order.text().isEmpty()) {
      say(order.text());
    }
    if (order.whole()) {
      cutWhole();
      finish();
    } else if (turn == null) {
      speaker.warmUp(plan.settings().speech(), plan.settings().dialect());
    }
  }

  /**
   * {@code continue-task}.
   *
   * @throws TaskError when it cannot be followed
   */
  void more(JsonObject input) {
    textNanos = System.nanoTime();
    if (finishing) {
      throw TaskError.invalid("Task is already finished! Please follow the protocol!");
    }
    String text = TaskOrder.text(input, "text");
    if (text != null && !text.isEmpty()) {
      say(text);
    }
    if (TaskOrder.flag(input, "flush")) {
      flush();
    }
  }

  private void say(String text) {
    if (++textsIn > 1 && plan.oneText()) {
      throw TaskError.invalid("Text request limit violated, expected 1.");
    }
    check(text);
    Turn growing = turn;
    if (growing == null || growing.ended) {
      growing = new Turn(plan.forText(text));
      turn = growing;
      speaker.add(growing);
    }
    growing.append(text);
    speaker.pump();
  }

  private void check(String text) {
    int characters = characters(text);
    charactersIn += characters;
    unitsIn += text.length();
    int most = order.whole() ? MOST_WHOLE : MOST_A_MESSAGE;
    if (characters > most || text.length() > limits.maxTextChars()) {
      throw TaskError.invalid(
          "Request text is longer than " + Math.min(most, limits.maxTextChars()) + " characters.");
    }
    if (charactersIn > MOST_A_TASK || unitsIn > limits.maxQueuedChars()) {
      throw TaskError.invalid(
          "Texts of the task are longer than "
              + Math.min(MOST_A_TASK, limits.maxQueuedChars())
              + " characters.");
    }
  }

  /** As the vendor counts; the tags of SSML are not spoken and not counted. */
  private int characters(String text) {
    String spoken =
        text.stripLeading().startsWith("<speak") ? text.replaceAll("<[^>]*>", "") : text;
    return isSambert() ? spoken.codePointCount(0, spoken.length()) : SpeechText.characters(spoken);
  }

  private boolean isSambert() {
    return plan.settings().dialect() == Dialect.SAMBERT;
  }

  /** Speaks what waits for the end of its sentence; more text begins a turn of its own. */
  private void flush() {
    Turn growing = turn;
    if (growing != null && !growing.ended && growing.isSpeakable()) {
      turn = null;
      growing.committed(System.nanoTime());
      speaker.pump();
    }
  }

  /**
   * {@code finish-task}: no more text. Again: nothing.
   *
   * @throws TaskError when there was none at all
   */
  void finish() {
    if (finishing) {
      return;
    }
    finishing = true;
    if (textsIn == 0) {
      throw TaskError.invalid(
          order.whole() ? "Request text is invalid!" : "Please ensure input text is valid.");
    }
    Turn growing = turn;
    turn = null;
    if (growing != null && !growing.ended) {
      growing.committed(System.nanoTime());
      // Without a name nothing would be heard of a text that has no letter.
      speaker.announce(growing);
    }
    speaker.pump();
    if (speaker.isIdle()) {
      onSpeakerIdle();
    }
  }

  /** Stops, whatever is being said. */
  void cancel() {
    if (over) {
      return;
    }
    drop();
    speaker.cancelAll(null);
    events.finished(id(), requestId(), charactersOut, order.whole());
    owner.finished(this);
  }

  /** Ends it without a word; the speaker is the caller's to stop. */
  void drop() {
    over = true;
    recoding.close();
  }

  /** Whether the client has been silent for too long while nothing was spoken. */
  boolean gaps(long nowNanos, long gapNanos) {
    return !finishing
        && nowNanos - textNanos > gapNanos
        && (audioNanos == 0 || nowNanos - audioNanos > Math.min(SPEAKING_NANOS, gapNanos));
  }

  boolean isFull() {
    return !over && recoding.isFull();
  }

  // -- what the service says ----------------------------------------------------------------------

  void onSpeakerIdle() {
    if (!finishing || ending || over) {
      return;
    }
    ending = true;
    recoding.end();
  }

  void onResponse(Response response) {
    vendorRequest = response.vendorRequest;
  }

  void onAudio(Buffer audio) {
    if (over) {
      return;
    }
    audioNanos = System.nanoTime();
    if (!inSentence) {
      onSentenceBegin(null);
    }
    recoding.add(audio);
  }

  void onSentenceBegin(@Nullable String text) {
    if (inSentence) {
      onSentenceEnd();
    }
    inSentence = true;
    then(() -> beginSentence(text));
  }

  void onSentenceEnd() {
    if (inSentence) {
      inSentence = false;
      then(this::endSentence);
    }
  }

  void onWords(List<Word> words) {
    long fromMs = spokenMs;
    if (order.whole()) {
      then(() -> wholeWords(words, fromMs));
      return;
    }
    if (!inSentence) {
      onSentenceBegin(null);
    }
    then(() -> addWords(words, fromMs));
  }

  /**
   * @param service what the service counted; null: it did not
   */
  void onResponseDone(Response response, @Nullable Integer service) {
    spokenMs += response.audioMs();
    characters += service == null ? 0 : service;
    counted = counted && service != null;
    onSentenceEnd();
  }

  /** When a codec works elsewhere, what is said of audio must not overtake it. */
  private void then(Runnable action) {
    if (!over) {
      recoding.then(action);
    }
  }

  // -- what the client hears ----------------------------------------------------------------------

  private void beginSentence(@Nullable String text) {
    sentence++;
    sentenceOpen = true;
    sentenceText = text;
    sentenceWords = new JsonArray();
    event("sentence-begin", new JsonArray(), text, null);
  }

  private void endSentence() {
    if (sentenceOpen) {
      sentenceOpen = false;
      charactersOut =
          sentenceText == null
              ? Math.max(charactersOut, characters)
              : charactersOut + characters(sentenceText);
      event("sentence-end", sentenceWords, sentenceText, charactersOut);
    }
  }

  private void event(
      String type, JsonArray words, @Nullable String text, @Nullable Integer characters) {
    // Clients of whole texts take every result for one with times.
    if (!order.whole()) {
      events.sentence(id(), type, Math.max(0, sentence), words, text, characters);
    }
  }

  private void addWords(List<Word> words, long fromMs) {
    int base = words.isEmpty() ? 0 : words.get(0).beginIndex();
    String text = sentenceText;
    int at =
        sentenceWords.isEmpty()
            ? 0
            : sentenceWords.getJsonObject(sentenceWords.size() - 1).getInteger("end_index");
    for (Word word : words) {
      int found = text == null ? -1 : text.indexOf(word.text(), at);
      int begin = found < 0 ? Math.max(at, word.beginIndex() - base) : found;
      at = begin + word.text().length();
      sentenceWords.add(timed(word, fromMs).put("begin_index", begin).put("end_index", at));
    }
  }

  /** Times from the task's first sample. */
  private static JsonObject timed(Word word, long fromMs) {
    return new JsonObject()
        .put("text", word.text())
        .put("begin_time", fromMs + word.beginMs())
        .put("end_time", fromMs + word.endMs());
  }

  /**
   * Where the sentences of a whole text end, so that its words can be told a sentence at a time.
   */
  private void cutWhole() {
    Sentences sentences = new Sentences();
    sentences.append(order.text());
    int end = 0;
    for (String next = sentences.next(); next != null; next = sentences.next()) {
      end += next.length();
      ends.add(end);
    }
    ends.add(order.text().length());
  }

  private void wholeWords(List<Word> words, long fromMs) {
    boolean due = false;
    for (Word word : words) {
      int of = 0;
      while (of < ends.size() - 1 && word.beginIndex() >= ends.get(of)) {
        of++;
      }
      if (of != group) {
        if (due) {
          tellGroup();
        }
        group = of;
        groupWords = new JsonArray();
      }
      groupWords.add(timed(word, fromMs));
      due = true;
    }
    if (due) {
      tellGroup();
    }
  }

  /** A sentence that goes on is told again, from the same beginning. */
  private void tellGroup() {
    charactersOut = Math.max(charactersOut, characters(order.text().substring(0, ends.get(group))));
    JsonObject first = groupWords.getJsonObject(0);
    JsonObject last = groupWords.getJsonObject(groupWords.size() - 1);
    events.result(
        id(),
        new JsonObject()
            .put(
                "sentence",
                new JsonObject()
                    .put("begin_time", first.getValue("begin_time"))
                    .put("end_time", last.getValue("end_time"))
                    .put("words", groupWords.copy())),
        charactersOut);
  }

  private String requestId() {
    return vendorRequest == null ? id() : vendorRequest;
  }

  private final class Recoded implements Recoding.Listener {
    @Override
    public void recoded(Buffer bytes) {
      if (!over) {
        event("sentence-synthesis", new JsonArray(), null, null);
        events.audio(bytes);
      }
    }

    @Override
    public void relieved() {
      owner.relieved();
    }

    @Override
    public void ended() {
      if (over) {
        return;
      }
      over = true;
      if (audioNanos == 0) {
        owner.failed(
            InferenceTask.this, TaskError.internal("the service gave no audio for this text"));
        return;
      }
      int sum = counted && characters > 0 ? characters : charactersIn;
      events.finished(id(), requestId(), sum, order.whole());
      owner.finished(InferenceTask.this);
    }

    @Override
    public void broke(Throwable bug) {
      owner.broke(bug);
    }
  }
}
