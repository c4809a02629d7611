package dev.voicebridge.upstream.inference;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.ServiceSocket;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.SpeechText;
import dev.voicebridge.upstream.UpstreamListener;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A turn is a task: run-task at the first text, continue-task for each piece, finish-task. */
final class CosyVoiceSession extends TaskSession {
  private static final String DUPLEX = "duplex";

  private static final Map<String, String> LANGUAGE_HINTS =
      Map.ofEntries(
          Map.entry("Chinese", "zh"),
          Map.entry("English", "en"),
          Map.entry("French", "fr"),
          Map.entry("German", "de"),
          Map.entry("Japanese", "ja"),
          Map.entry("Korean", "ko"),
          Map.entry("Russian", "ru"),
          Map.entry("Portuguese", "pt"),
          Map.entry("Thai", "th"),
          Map.entry("Indonesian", "id"),
          Map.entry("Vietnamese", "vi"),
          Map.entry("Italian", "it"),
          Map.entry("Malay", "ms"),
          Map.entry("Spanish", "es"),
          Map.entry("Filipino", "fil"),
          Map.entry("Arabic", "ar"));

  /** Text that came before the task was started, or that has to be sent in one message. */
  private final StringBuilder waiting = new StringBuilder();

  private boolean turnEnded;
  private boolean finishSent;
  private long gapTimer = -1;
  private Words words;

  /** The number of the sentence that was begun last in this task; −1: none. */
  private int begunSentence = -1;

  private boolean inSentence;

  CosyVoiceSession(
      Vertx vertx,
      IdleSockets idle,
      ServiceSocket.Secret key,
      ServiceSocket socket,
      SpeechSettings settings,
      UpstreamListener listener,
      Deadlines deadlines) {
    super(vertx, idle, key, socket, settings, listener, deadlines);
    words = new Words(settings.sampleRateHz());
  }

  @Override
  public void append(String text) {
    waiting.append(text);
    if (!taskActive()) {
      turnEnded = false;
      finishSent = false;
      words = new Words(settings.sampleRateHz());
      begunSentence = -1;
      inSentence = false;
      runTask(DUPLEX, parameters(), new JsonObject());
    }
    // In commit mode the end of the turn follows in the same breath.
    if (settings.mode() == Mode.SERVER_COMMIT) {
      restartGapTimer();
    }
    flow();
  }

  private void restartGapTimer() {
    vertx.cancelTimer(gapTimer);
    gapTimer =
        vertx.setTimer(
            deadlines.textGap().toMillis(),
            late -> {
              listener.onTurnClosed();
              endTurn();
            });
  }

  @Override
  public void endTurn() {
    vertx.cancelTimer(gapTimer);
    turnEnded = true;
    flow();
  }

  /** Sends what may be sent by now. */
  private void flow() {
    if (!taskStarted() || finishSent) {
      return;
    }
    // With SSML the vendor takes a single message.
    if (waiting.length() > 0 && (turnEnded || !settings.ssml())) {
      for (String piece :
          settings.ssml()
              ? java.util.List.of(waiting.toString())
              : SpeechText.pieces(waiting.toString(), settings.maxTextChars() / 2)) {
        words.sent(piece);
        send("continue-task", DUPLEX, payload(new JsonObject().put("text", piece)));
      }
      waiting.setLength(0);
    }
    if (turnEnded) {
      finishSent = true;
      send("finish-task", DUPLEX, payload(new JsonObject()));
    }
  }

  private static JsonObject payload(JsonObject input) {
    return new JsonObject().put("input", input);
  }

  private JsonObject parameters() {
    JsonObject parameters =
        commonParameters().put("voice", settings.voice()).put("enable_ssml", settings.ssml());
    if (settings.bitRateKbps() != null) {
      parameters.put("bit_rate", settings.bitRateKbps());
    }
    if (settings.instructions() != null) {
      parameters.put("instruction", settings.instructions());
    }
    if (settings.seed() != null) {
      parameters.put("seed", settings.seed());
    }
    if (settings.hotFix() != null) {
      parameters.put("hot_fix", settings.hotFix());
    }
    String hint = languageHint(settings.languageType());
    if (hint != null) {
      parameters.put("language_hints", JsonArray.of(hint));
    }
    return parameters;
  }

  private static @Nullable String languageHint(String languageType) {
    String hint = LANGUAGE_HINTS.get(languageType);
    if (hint == null && languageType.matches("[a-z]{2,3}")) {
      hint = languageType.toLowerCase(Locale.ROOT);
    }
    return hint;
  }

  @Override
  void onStarted() {
    flow();
  }

  @Override
  void heard(Buffer audio) {
    words.heard(audio.length());
    listener.onAudio(audio);
  }

  @Override
  void onResult(JsonObject output) {
    JsonObject sentence = output.getJsonObject("sentence");
    int index = sentence == null ? -1 : sentence.getInteger("index", 0);
    String type = output.getString("type", "");
    // It may be reported again.
    if (type.equals("sentence-begin") && index > begunSentence) {
      begunSentence = index;
      inSentence = true;
      listener.onSentenceBegin(output.getString("original_text", ""));
    }
    var spoken = words.of(output);
    if (!spoken.isEmpty()) {
      listener.onWords(spoken);
    }
    if (type.equals("sentence-end") && index == begunSentence && inSentence) {
      inSentence = false;
      listener.onSentenceEnd();
    }
  }

  @Override
  void onTaskDone(@Nullable Integer characters) {
    vertx.cancelTimer(gapTimer);
    listener.onResponseDone(characters);
    listener.onTurnDone();
  }

  @Override
  void released() {
    vertx.cancelTimer(gapTimer);
  }
}
