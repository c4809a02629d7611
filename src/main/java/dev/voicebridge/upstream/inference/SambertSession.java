package dev.voicebridge.upstream.inference;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.Sentences;
import dev.voicebridge.upstream.ServiceSocket;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.SpeechText;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamListener.Word;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole text goes with run-task. In {@code commit} mode a turn is one response; in {@code
 * server_commit} every complete sentence is one.
 */
final class SambertSession extends TaskSession {
  private static final String OUT = "out";

  private final Sentences sentences = new Sentences();
  private final Deque<Task> tasks = new ArrayDeque<>();

  /** The text of the turn in commit mode. */
  private final StringBuilder whole = new StringBuilder();

  private boolean turnEnded;

  /** Null between tasks. */
  private @Nullable Task current;

  /** Sum over the tasks of a response. */
  private int characters;

  private boolean counted;

  /** Where the text of the current task begins in the response, UTF-16 units. */
  private int textAt;

  /** Audio of earlier tasks of the same response, ms. */
  private long responseMs;

  /** Whether a task of the response has been spoken. */
  private boolean responseOpen;

  private long taskBytes;
  private int lastWordBeginMs = -1;

  /**
   * @param endsResponse whether the response ends with it
   */
  private record Task(String text, boolean endsResponse) {}

  SambertSession(
      Vertx vertx,
      IdleSockets idle,
      ServiceSocket.Secret key,
      ServiceSocket socket,
      SpeechSettings settings,
      UpstreamListener listener,
      Deadlines deadlines) {
    super(vertx, idle, key, socket, settings, listener, deadlines);
  }

  @Override
  public void append(String text) {
    turnEnded = false;
    if (settings.mode() == Mode.COMMIT) {
      whole.append(text);
    } else {
      sentences.append(text);
      for (String sentence = sentences.next(); sentence != null; sentence = sentences.next()) {
        plan(sentence);
      }
      speakNext();
    }
  }

  @Override
  public void endTurn() {
    turnEnded = true;
    if (settings.mode() == Mode.COMMIT) {
      plan(whole.toString());
      whole.setLength(0);
    } else {
      plan(sentences.rest());
    }
    speakNext();
  }

  private void plan(String response) {
    List<String> pieces =
        settings.ssml() ? List.of(response) : SpeechText.pieces(response, settings.maxTextChars());
    for (int i = 0; i < pieces.size(); i++) {
      tasks.add(new Task(pieces.get(i), i == pieces.size() - 1));
    }
  }

  private void speakNext() {
    // A listener may have closed us in the callback before.
    while (current == null && !isOver()) {
      Task next = tasks.poll();
      if (next == null) {
        if (turnEnded) {
          turnEnded = false;
          listener.onTurnDone();
        }
        return;
      }
      if (SpeechText.speakable(next.text)) {
        current = next;
        taskBytes = 0;
        responseOpen = true;
        lastWordBeginMs = -1;
        runTask(OUT, commonParameters(), new JsonObject().put("text", next.text));
        listener.onSentenceBegin(next.text.strip());
      } else {
        textAt = next.endsResponse ? 0 : textAt + next.text.length();
        if (next.endsResponse && responseOpen) {
          endResponse();
        }
      }
    }
  }

  private void endResponse() {
    Integer sum = counted ? characters : null;
    characters = 0;
    counted = false;
    responseMs = 0;
    responseOpen = false;
    textAt = 0;
    listener.onResponseDone(sum);
  }

  @Override
  void onStarted() {
    // The text is there already.
  }

  @Override
  void heard(Buffer audio) {
    taskBytes += audio.length();
    listener.onAudio(audio);
  }

  @Override
  void onResult(JsonObject output) {
    Task task = current;
    JsonObject sentence = output.getJsonObject("sentence");
    JsonArray list = sentence == null ? null : sentence.getJsonArray("words");
    if (task == null || list == null) {
      return;
    }
    List<Word> words = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < list.size(); i++) {
      JsonObject word = list.getJsonObject(i);
      String text = word.getString("text", "");
      int found = task.text.indexOf(text, at);
      int begin = found < 0 ? at : found;
      at = begin + text.length();
      int beginMs = word.getInteger("begin_time", 0);
      // A growing sentence is reported again and again; each word counts once.
      if (beginMs > lastWordBeginMs) {
        lastWordBeginMs = beginMs;
        int endMs = word.getInteger("end_time", beginMs);
        words.add(
            new Word(
                text,
                textAt + begin,
                textAt + at,
                (int) (responseMs + beginMs),
                (int) (responseMs + endMs)));
      }
    }
    if (!words.isEmpty()) {
      listener.onWords(words);
    }
  }

  @Override
  void onTaskDone(@Nullable Integer taskCharacters) {
    Task done = current;
    current = null;
    if (done == null) {
      return;
    }
    textAt += done.text.length();
    responseMs += taskBytes * 500 / settings.sampleRateHz();
    if (taskCharacters != null) {
      characters += taskCharacters;
      counted = true;
    }
    listener.onSentenceEnd();
    if (done.endsResponse) {
      endResponse();
    }
    speakNext();
  }
}
