package dev.voicebridge.upstream.pieces;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a service gets at once from this process, whatever event loop they come from;
 * who comes first is served first. Thread-safe.
 */
public final class Places implements Shareable {
  private static final String MAP = "voicebridge.places";
  private static final int WAITING_PER_PLACE = 8;

  private final int most;
  private final Deque<Place> waiting = new ArrayDeque<>();
  private int taken;

  /**
   * @param most at least 1
   */
  Places(int most) {
    this.most = most;
  }

  /** Those that all event loops share under that name. */
  public static Places of(Vertx vertx, String name, int most) {
    return vertx
        .sharedData()
        .<String, Places>getLocalMap(MAP)
        .computeIfAbsent(name, first -> new Places(most));
  }

  /** A place that is waited for or taken. To be left once, at the end. */
  public final class Place {
    private final Context context;
    private final Runnable granted;
    private final boolean atOnce;
    private boolean here;
    private boolean left;

    private Place(Context context, Runnable granted, boolean atOnce) {
      this.context = context;
      this.granted = granted;
      this.atOnce = atOnce;
      this.here = atOnce;
    }

    /** Whether there was room when it was asked for. */
    boolean isAtOnce() {
      return atOnce;
    }

    /** Makes room for who waits. Idempotent. */
    void leave() {
      Place next;
      synchronized (Places.this) {
        if (left) {
          return;
        }
        left = true;
        if (!here) {
          waiting.remove(this);
          return;
        }
        next = waiting.poll();
        if (next == null) {
          taken--;
        } else {
          next.here = true;
        }
      }
      if (next != null) {
        Runnable go = next.granted;
        next.context.runOnContext(now -> go.run());
      }
    }
  }

  /**
   * @param granted run on the context when there is room, unless there is at once
   * @return null: too many wait already
   */
  synchronized @Nullable Place enter(Context context, Runnable granted) {
    boolean room = taken < most;
    if (!room && waiting.size() >= most * WAITING_PER_PLACE) {
      return null;
    }
    Place place = new Place(context, granted, room);
    if (room) {
      taken++;
    } else {
      waiting.add(place);
    }
    return place;
  }
}
