package dev.voicebridge.emulator.wire;

import dev.voicebridge.emulator.engine.Ssml;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task of an inference socket, after run-task was accepted. Event loop only. */
final class InferenceTask implements SpeechStream.Listener {
  private static final int MOST_CHARACTERS_A_MESSAGE = 20_000;
  private static final int MOST_CHARACTERS_A_TASK = 200_000;
  private static final int MOST_CHARACTERS_SAMBERT = 10_000;

  /** What the socket learns. Exactly one of them, once. */
  interface Owner {
    void onTaskFinished();

    void onTaskFailed(String taskId, WireError error);
  }

  private final Guest guest;
  private final Peer peer;
  private final TaskRequest request;
  private final @Nullable Fault fault;
  private final Owner owner;
  private final SpeechStream stream;
  private final SentenceCutter cutter = new SentenceCutter();
  private final Alarm gap;

  private int charactersIn;
  private int textsIn;
  private boolean speakable;
  private boolean finishing;
  private boolean over;
  private int sentence = -1;
  private int charactersSpoken;

  InferenceTask(Guest guest, Peer peer, TaskRequest request, @Nullable Fault fault, Owner owner) {
    this.guest = guest;
    this.peer = peer;
    this.request = request;
    this.fault = fault;
    this.owner = owner;
    this.stream =
        new SpeechStream(
            guest.vertx(),
            guest.narrator(),
            request.voicing().with(guest.traits(request.voicing().voice())),
            peer,
            guest.settings(),
            fault,
            this);
    this.gap = new Alarm(guest.vertx(), this::onGap);
  }

  String id() {
    return request.taskId();
  }

  /**
   * @param announce whether task-started goes out
   */
  void begin(boolean announce) {
    if (announce) {
      peer.send(event("task-started").put("payload", new JsonObject()));
    }
    watchGap();
    if (!request.duplex()) {
      say(request.text());
      finish(false);
    }
  }

  void onContinue(JsonObject input) {
    watchGap();
    String text = Json.text(input, "text");
    if (text != null && !text.isEmpty()) {
      say(text);
    }
    if (Json.flag(input, "flush") && !over) {
      speak(cutter.rest());
    }
  }

  void onFinish(JsonObject input) {
    finish("cancel".equals(Json.text(input, "directive")));
  }

  /** The socket is gone. */
  void drop() {
    over = true;
    gap.clear();
    stream.stop();
  }

  private void say(String text) {
    if (finishing) {
      throw WireError.invalid("Task is already finished! Please follow the protocol!");
    }
    textsIn++;
    if (request.duplex() && request.ssml() && textsIn > 1) {
      throw WireError.invalid("Text request limit violated, expected 1.");
    }
    String words = text;
    if (text.stripLeading().startsWith("<speak") && (request.ssml() || request.sambert())) {
      if (request.model().equals("cosyvoice-v1")) {
        throw WireError.invalid("SSML text is not supported at the moment!");
      }
      words = Ssml.plainText(text);
    }
    count(words);
    speakable |= TextCount.isSpeakable(words);
    cutter.add(words).forEach(this::speak);
  }

  private void count(String text) {
    int characters = characters(text);
    charactersIn += characters;
    if (!guest.settings().limits()) {
      return;
    }
    int most = request.sambert() ? MOST_CHARACTERS_SAMBERT : MOST_CHARACTERS_A_MESSAGE;
    if (characters > most) {
      throw WireError.invalid("Request text is longer than " + most + " characters.");
    }
    if (charactersIn > MOST_CHARACTERS_A_TASK) {
      throw WireError.invalid(
          "Texts of the task are longer than " + MOST_CHARACTERS_A_TASK + " characters.");
    }
  }

  private void speak(String text) {
    if (TextCount.isSpeakable(text)) {
      stream.say(text);
    }
  }

  private void finish(boolean cancel) {
    if (finishing) {
      throw WireError.invalid("Task is already finished! Please follow the protocol!");
    }
    finishing = true;
    gap.clear();
    if (cancel) {
      stream.stop();
      onFinished();
    } else if (!speakable) {
      throw WireError.invalid("Please ensure input text is valid.");
    } else {
      speak(cutter.rest());
      stream.finish();
    }
  }

  @Override
  public void onSentence(String text) {
    sentence++;
    if (!request.sambert()) {
      result("sentence-begin", new JsonArray(), text, false);
    }
  }

  @Override
  public void onAudio(byte[] bytes) {
    if (fault instanceof Fault.BadDelta) {
      return;
    }
    boolean early = fault instanceof Fault.WrongOrder;
    if (early) {
      peer.sendBinary(bytes);
    }
    if (!request.sambert()) {
      result("sentence-synthesis", new JsonArray(), null, false);
    }
    if (!early) {
      peer.sendBinary(bytes);
    }
  }

  @Override
  public void onSentenceEnd(String text, List<Take.Word> words, int beginMs, int endMs) {
    charactersSpoken += characters(text);
    int from = fault instanceof Fault.TimesPerSentence ? 0 : beginMs;
    if (request.sambert()) {
      if (request.wordTimes()) {
        sambertResult(text, words, from, from + endMs - beginMs);
      }
    } else {
      JsonArray times = new JsonArray();
      if (request.wordTimes()) {
        words.forEach(word -> times.add(indexed(text, word, from)));
      }
      result("sentence-end", times, text, true);
    }
    watchGap();
  }

  @Override
  public void onFinished() {
    over = true;
    gap.clear();
    JsonObject event = event("task-finished");
    event.getJsonObject("header").getJsonObject("attributes").put("request_uuid", request.taskId());
    JsonObject payload = new JsonObject();
    if (request.sambert()) {
      // the Python client fails on usage without this null
      payload.putNull("output");
    }
    peer.send(event.put("payload", withUsage(payload)));
    owner.onTaskFinished();
  }

  @Override
  public void onFailed(String code, String message) {
    fail(new WireError(code, message));
  }

  private void fail(WireError error) {
    drop();
    owner.onTaskFailed(request.taskId(), error);
  }

  private void watchGap() {
    if (guest.settings().limits() && request.duplex() && !finishing && !over) {
      gap.set(guest.settings().taskGap());
    }
  }

  private void onGap() {
    if (stream.isSpeaking()) {
      watchGap();
    } else {
      long seconds = guest.settings().taskGap().toSeconds();
      fail(new WireError("CLIENT_ERROR", "request timeout after " + seconds + " seconds."));
    }
  }

  private void result(String type, JsonArray words, @Nullable String text, boolean usage) {
    if (fault instanceof Fault.NoSentences) {
      return;
    }
    JsonObject output =
        new JsonObject()
            .put(
                "sentence",
                new JsonObject().put("index", Math.max(0, sentence)).put("words", words))
            .put("type", type);
    if (text != null) {
      output.put("original_text", text);
    }
    JsonObject payload = new JsonObject().put("output", output);
    peer.send(event("result-generated").put("payload", usage ? withUsage(payload) : payload));
  }

  private void sambertResult(String text, List<Take.Word> words, int beginMs, int endMs) {
    if (fault instanceof Fault.NoSentences) {
      return;
    }
    JsonArray times = new JsonArray();
    for (Take.Word word : words) {
      JsonObject time = timed(text, word, beginMs);
      if (request.phonemeTimes()) {
        time.put("phonemes", phonemes(time));
      }
      times.add(time);
    }
    JsonObject output =
        new JsonObject()
            .put(
                "sentence",
                new JsonObject()
                    .put("begin_time", beginMs)
                    .put("end_time", endMs)
                    .put("words", times));
    peer.send(
        event("result-generated")
            .put("payload", withUsage(new JsonObject().put("output", output))));
  }

  /** The engine tells no phonemes: an initial and a final per word, in a plausible proportion. */
  private static JsonArray phonemes(JsonObject word) {
    int begin = word.getInteger("begin_time");
    int end = word.getInteger("end_time");
    int turn = begin + (end - begin) * 2 / 5;
    int seed = Math.floorMod(word.getString("text").hashCode(), 5);
    return new JsonArray()
        .add(phoneme(begin, turn, List.of("b_c", "d_c", "j_c", "sh_c", "t_c").get(seed), seed))
        .add(phoneme(turn, end, List.of("a_c", "en_c", "in_c", "i_c", "ian_c").get(seed), seed));
  }

  private static JsonObject phoneme(int begin, int end, String text, int seed) {
    return new JsonObject()
        .put("begin_time", begin)
        .put("end_time", end)
        .put("text", text)
        .put("tone", seed % 4 + 1);
  }

  private static JsonObject timed(String text, Take.Word word, int fromMs) {
    return new JsonObject()
        .put("text", text.substring(word.beginIndex(), word.endIndex()))
        .put("begin_time", fromMs + word.beginMs())
        .put("end_time", fromMs + word.endMs());
  }

  private static JsonObject indexed(String text, Take.Word word, int fromMs) {
    return timed(text, word, fromMs)
        .put("begin_index", word.beginIndex())
        .put("end_index", word.endIndex());
  }

  private JsonObject withUsage(JsonObject payload) {
    return fault instanceof Fault.NoUsage
        ? payload
        : payload.put("usage", new JsonObject().put("characters", charactersSpoken));
  }

  private int characters(String text) {
    return request.sambert() ? TextCount.plain(text) : TextCount.characters(text);
  }

  private JsonObject event(String name) {
    return event(request.taskId(), name);
  }

  static JsonObject event(String taskId, String name) {
    return new JsonObject()
        .put(
            "header",
            new JsonObject()
                .put("task_id", taskId)
                .put("event", name)
                .put("attributes", new JsonObject()));
  }
}
