package dev.voicebridge.scripted;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.CustomVoice;
import dev.voicebridge.bridge.VoiceBook;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A library that says what a test put there. Any thread. */
final class ScriptedBook implements VoiceBook {
  final List<String> spoken = new CopyOnWriteArrayList<>();
  private final Map<String, CustomVoice> known = new ConcurrentHashMap<>();

  /** What only the shared store can tell, when the test says so. */
  private final Map<String, Promise<@Nullable CustomVoice>> elsewhere = new ConcurrentHashMap<>();

  /** How often each name was asked for. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** Known by our id and by the service's. */
  void knows(CustomVoice voice) {
    known.put(voice.id(), voice);
    if (!voice.providerVoiceId().isEmpty()) {
      known.put(voice.providerVoiceId(), voice);
    }
  }

  /** The answer of the store to a question for that name; until it is completed there is none. */
  Promise<@Nullable CustomVoice> answer(String name) {
    return elsewhere.computeIfAbsent(name, n -> Promise.promise());
  }

  @Override
  public @Nullable CustomVoice find(Caller caller, String name) {
    return known.get(name);
  }

  @Override
  public boolean plausible(String name) {
    return elsewhere.containsKey(name);
  }

  @Override
  public Future<@Nullable CustomVoice> ask(Caller caller, String name) {
    asked.add(name);
    Promise<@Nullable CustomVoice> onLoop = ContextInternal.current().promise();
    answer(name).future().onComplete(onLoop);
    return onLoop.future();
  }

  @Override
  public void spoke(String id) {
    spoken.add(id);
  }
}
