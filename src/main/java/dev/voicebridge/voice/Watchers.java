package dev.voicebridge.voice;

import io.vertx.core.Context;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to hear of changes. They are told on one context, in order. Any thread. */
final class Watchers {
  private static final Logger log = LoggerFactory.getLogger(Watchers.class);

  private final Context context;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** One for each watch, so that the same consumer may watch twice. */
  private record Listener(Consumer<VoiceChange> consumer, Object identity) {}

  Watchers(Context context) {
    this.context = context;
  }

  VoiceStore.Watch add(Consumer<VoiceChange> consumer) {
    Listener listener = new Listener(consumer, new Object());
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void tell(VoiceChange change) {
    context.runOnContext(
        v -> {
          for (Listener listener : listeners) {
            try {
              listener.consumer().accept(change);
            } catch (RuntimeException e) {
              log.atError().addKeyValue("voice", change.id()).setCause(e).log("a watcher failed");
            }
          }
        });
  }
}
