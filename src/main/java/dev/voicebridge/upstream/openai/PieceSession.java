package dev.voicebridge.upstream.openai;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.SpeechText;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamSession;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A request for each piece of text, the next one asked for while the present one is received. In
 * {@code commit} mode a turn is one response; in {@code server_commit} it is what could be asked
 * for at once, at least a sentence.
 */
final class PieceSession implements UpstreamSession, Take.Ear {
  /** The one that sounds, and the one after it. */
  private static final int TAKES = 2;

  private static final String INSTRUCTION_END = "<|endofprompt|>";

  private final Vertx vertx;
  private final HttpClient client;
  private final Engine engine;
  private final String key;
  private final SpeechSettings settings;
  private final UpstreamListener listener;
  private final Deadlines deadlines;
  private final Pieces pieces;
  private final Deque<Take> takes = new ArrayDeque<>();

  /** Null between responses. */
  private @Nullable Sound sound;

  /** The take whose sound is being joined on. */
  private @Nullable Take sounding;

  private boolean turnEnded;
  private boolean paused;
  private boolean over;
  private boolean flowing;
  private boolean again;
  private long gapTimer = -1;

  PieceSession(
      Vertx vertx,
      HttpClient client,
      Engine engine,
      String key,
      SpeechSettings settings,
      UpstreamListener listener,
      Deadlines deadlines) {
    this.vertx = vertx;
    this.client = client;
    this.engine = engine;
    this.key = key;
    this.settings = settings;
    this.listener = listener;
    this.deadlines = deadlines;
    this.pieces = new Pieces(settings.mode(), settings.maxTextChars());
  }

  @Override
  public void append(String text) {
    turnEnded = false;
    pieces.append(text);
    changed();
  }

  @Override
  public void endTurn() {
    pieces.end();
    turnEnded = true;
    changed();
  }

  @Override
  public boolean reusable() {
    return !over;
  }

  @Override
  public void close() {
    over = true;
    vertx.cancelTimer(gapTimer);
    takes.forEach(Take::stop);
    takes.clear();
  }

  @Override
  public void pause() {
    paused = true;
    takes.forEach(take -> take.paused(true));
  }

  @Override
  public void resume() {
    paused = false;
    takes.forEach(take -> take.paused(false));
    changed();
  }

  @Override
  public void changed(Take take) {
    changed();
  }

  /** A listener may call back, so what it causes is done after what is being done. */
  private void changed() {
    if (flowing) {
      again = true;
      return;
    }
    flowing = true;
    try {
      do {
        again = false;
        ask();
        deliver();
      } while (again && !over);
    } catch (UpstreamException cause) {
      fail(cause);
    } finally {
      flowing = false;
    }
  }

  private void fail(UpstreamException cause) {
    if (!over) {
      close();
      listener.onFailed(cause);
    }
  }

  private void ask() {
    while (!over && takes.size() < TAKES && takes.stream().allMatch(Take::hasBegun)) {
      Pieces.Piece piece = pieces.next();
      if (piece == null) {
        return;
      }
      vertx.cancelTimer(gapTimer);
      int hz = engine.rateFor(settings.sampleRateHz());
      Take take =
          new Take(
              vertx,
              client,
              engine.baseUrl() + "/audio/speech",
              key,
              SpeechText.speakable(piece.text()) ? body(piece.text(), hz) : null,
              hz,
              piece.endsResponse(),
              deadlines,
              this);
      takes.add(take);
      take.paused(paused);
      take.start();
    }
  }

  private JsonObject body(String text, int hz) {
    JsonObject body =
        new JsonObject()
            .put("model", settings.model())
            .put("voice", settings.voice())
            .put("response_format", engine.wav() ? "wav" : "pcm");
    String instructions = settings.instructions();
    if (engine.manner() == Engine.Manner.SILICONFLOW) {
      return body.put("input", instructions == null ? text : instructions + INSTRUCTION_END + text)
          .put("sample_rate", hz)
          .put("speed", settings.speechRate())
          .put("gain", gainDb())
          .put("stream", true);
    }
    body.put("input", text);
    if (instructions != null) {
      body.put("instructions", instructions);
    }
    if (settings.speechRate() != 1) {
      // Some engines refuse any speed where they stream.
      body.put("speed", settings.speechRate());
    }
    return body;
  }

  /** A volume of 50 is the voice as it comes, 100 twice as loud. */
  private double gainDb() {
    double gain = 20 * Math.log10(Math.max(1, settings.volume()) / 50.0);
    return Math.max(-10, Math.min(10, Math.round(gain * 10) / 10.0));
  }

  private void deliver() {
    while (!over && !paused) {
      Take take = takes.peek();
      if (take == null) {
        idle();
        return;
      }
      UpstreamException failure = take.failure();
      if (failure != null) {
        fail(failure);
        return;
      }
      Buffer bytes = take.poll();
      if (bytes != null) {
        hear(soundOf(take).add(bytes));
        again = true;
      } else if (take.isOver()) {
        takes.remove();
        finished(take);
        again = true;
      } else {
        return;
      }
    }
  }

  private Sound soundOf(Take take) {
    Sound now = sound;
    if (now == null) {
      now = new Sound(settings.serviceFormat(), settings.sampleRateHz(), settings.bitRateKbps());
      sound = now;
    }
    if (sounding != take) {
      sounding = take;
      now.beginPiece(take.hz());
    }
    return now;
  }

  private void finished(Take take) {
    Sound now = sound;
    if (now != null && sounding == take) {
      if (!now.hasSamples()) {
        fail(
            new UpstreamException(
                UpstreamException.Kind.GARBAGE, "the service answered without sound"));
        return;
      }
      hear(now.endPiece());
    }
    if (take.endsResponse()) {
      endResponse();
    }
  }

  private void endResponse() {
    Sound ending = sound;
    sound = null;
    sounding = null;
    if (ending != null && !over) {
      hear(ending.endResponse());
      if (!over) {
        listener.onResponseDone(null);
      }
    }
  }

  private void hear(Buffer audio) {
    if (!over && audio.length() > 0) {
      listener.onAudio(audio);
    }
  }

  /** Everything that came has been spoken. */
  private void idle() {
    if (!pieces.isEmpty()) {
      again = true;
    } else if (turnEnded) {
      turnEnded = false;
      endResponse();
      if (!over) {
        listener.onTurnDone();
      }
    } else if (sound != null) {
      // A sentence whose end does not come is two responses, rather than one that seems to hang.
      vertx.cancelTimer(gapTimer);
      gapTimer =
          vertx.setTimer(
              deadlines.taskStart().toMillis(),
              late -> {
                if (!over && takes.isEmpty()) {
                  endResponse();
                }
              });
    }
  }
}
