package dev.voicebridge.upstream.pieces;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Encoders;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.SpeechText;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamSession;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for each piece of text, the next one asked for while the present one is received. In
 * {@code commit} mode a turn is one response; in {@code server_commit} it is what could be asked
 * for at once, at least a sentence.
 */
public final class PieceSession implements UpstreamSession, Take.Ear, Outlet.Owner {
  /** The one that sounds, and the one after it. */
  private static final int TAKES = 2;

  /**
   * Who is asked, and how.
   *
   * @param settings of all choices alike but for model and voice
   */
  public record Choice(PieceService service, SpeechSettings settings) {}

  private final Vertx vertx;
  private final List<Choice> choices;
  private final SpeechSettings settings;
  private final UpstreamListener listener;
  private final Deadlines deadlines;
  private final Pieces pieces;
  private final Deque<Take> takes = new ArrayDeque<>();

  /** Which of the choices is asked; those before it have failed. */
  private int chosen;

  /** Null between responses. */
  private @Nullable Sound sound;

  /** Null between responses. */
  private @Nullable Outlet outlet;

  /** The take whose sound is being joined on. */
  private @Nullable Take sounding;

  /** What the service counts for the response so far; null: it has not said. */
  private @Nullable Integer characters;

  /** Null: the service has not said any. */
  private @Nullable String lastRequest;

  private boolean turnEnded;
  private boolean paused;
  private boolean over;
  private boolean flowing;
  private boolean again;
  private long gapTimer = -1;

  /**
   * @param choices at least one; the next is asked where one fails before the response has sounded
   */
  public PieceSession(
      Vertx vertx, List<Choice> choices, UpstreamListener listener, Deadlines deadlines) {
    this.vertx = vertx;
    this.choices = List.copyOf(choices);
    this.settings = choices.get(0).settings();
    this.listener = listener;
    this.deadlines = deadlines;
    this.pieces =
        new Pieces(
            settings.mode(),
            choices.stream().mapToInt(each -> each.settings().maxTextChars()).min().orElseThrow(),
            choices.stream().allMatch(each -> each.service().streams()));
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
  public @Nullable String vendorRequest() {
    Take take = takes.peek();
    return take == null || take.name() == null ? lastRequest : take.name();
  }

  @Override
  public void close() {
    over = true;
    vertx.cancelTimer(gapTimer);
    takes.forEach(Take::stop);
    takes.clear();
    if (outlet != null) {
      outlet.close();
    }
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

  @Override
  public boolean isAwaited(Take take) {
    return takes.peek() == take;
  }

  @Override
  public void moved() {
    changed();
  }

  @Override
  public void broke() {
    fail(
        new UpstreamException(
            UpstreamException.Kind.GARBAGE, "what the service sent could not be encoded"));
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
      ask(piece);
    }
  }

  private void ask(Pieces.Piece piece) {
    Choice choice = choices.get(chosen);
    Take take =
        new Take(
            vertx,
            choice.service(),
            SpeechText.speakable(piece.text())
                ? choice.service().order(piece.text(), choice.settings())
                : null,
            piece,
            deadlines,
            this);
    takes.add(take);
    take.paused(paused);
    take.start();
  }

  private void deliver() {
    while (!over && !paused) {
      Outlet open = outlet;
      Buffer next = open == null ? null : open.poll();
      if (next != null) {
        listener.onAudio(next);
        continue;
      }
      if (open != null && open.isEnding()) {
        if (!open.isOver()) {
          return;
        }
        endedResponse();
        again = true;
        continue;
      }
      if (open != null && open.isFull()) {
        return;
      }
      Take take = takes.peek();
      if (take == null) {
        idle();
        return;
      }
      UpstreamException failure = take.failure();
      if (failure != null) {
        // What was said before it is heard.
        if (open == null || open.isIdle()) {
          failed(take, failure);
        }
        return;
      }
      Buffer bytes = take.poll();
      if (bytes != null) {
        Sound joined = soundOf(take);
        outletOf().add(joined.add(bytes));
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

  private void failed(Take take, UpstreamException failure) {
    if (take.hasBegun() || sound != null || chosen + 1 == choices.size()) {
      fail(failure);
      return;
    }
    // It hasn't begun, so nothing was asked for after it.
    chosen++;
    takes.remove();
    ask(take.piece());
    again = true;
  }

  private Outlet outletOf() {
    Outlet now = outlet;
    if (now == null) {
      AudioFormat format = settings.serviceFormat();
      int hz = settings.sampleRateHz();
      now =
          new Outlet(
              vertx,
              format == AudioFormat.PCM ? null : Encoders.of(format, hz, settings.bitRateKbps()),
              hz,
              this);
      outlet = now;
    }
    return now;
  }

  private Sound soundOf(Take take) {
    Sound now = sound;
    if (now == null) {
      now = new Sound(settings.sampleRateHz());
      sound = now;
    }
    if (sounding != take) {
      sounding = take;
      now.beginPiece(take.hz());
    }
    return now;
  }

  private void finished(Take take) {
    if (take.name() != null) {
      lastRequest = take.name();
    }
    Integer more = take.characters();
    if (more != null) {
      characters = characters == null ? more : characters + more;
    }
    Sound now = sound;
    if (now != null && sounding == take) {
      if (!now.hasSamples()) {
        fail(
            new UpstreamException(
                UpstreamException.Kind.GARBAGE, "the service answered without sound"));
        return;
      }
      outletOf().add(now.endPiece());
    }
    if (take.piece().endsResponse()) {
      endResponse();
    }
  }

  /** What was said goes out first. */
  private void endResponse() {
    Sound ending = sound;
    sound = null;
    sounding = null;
    if (ending != null && !over) {
      Outlet out = outletOf();
      out.add(ending.endResponse());
      out.end();
      again = true;
    }
  }

  private void endedResponse() {
    outlet = null;
    Integer counted = characters;
    characters = null;
    listener.onResponseDone(counted);
  }

  /** Everything that came has been spoken. */
  private void idle() {
    if (!pieces.isEmpty()) {
      again = true;
    } else if (turnEnded && sound != null) {
      endResponse();
    } else if (turnEnded) {
      turnEnded = false;
      listener.onTurnDone();
    } else if (sound != null) {
      // A sentence whose end does not come is two responses, rather than one that seems to hang.
      vertx.cancelTimer(gapTimer);
      gapTimer =
          vertx.setTimer(
              deadlines.taskStart().toMillis(),
              late -> {
                if (!over && takes.isEmpty()) {
                  endResponse();
                  changed();
                }
              });
    }
  }
}
