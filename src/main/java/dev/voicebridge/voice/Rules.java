package dev.voicebridge.voice;

import static dev.voicebridge.voice.VoiceStoreException.Kind.CONFLICT;
import static dev.voicebridge.voice.VoiceStoreException.Kind.GONE;
import static dev.voicebridge.voice.VoiceStoreException.Kind.TAKEN;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every store does alike; {@code voices.lua} says the same to Redis. */
final class Rules {
  private Rules() {}

  /**
   * @param yielding the found voice that gives way; null: none
   */
  record Put(Voice stored, Shelf.@Nullable Gone yielding) {}

  /** The effect of a put on what is on the shelf, which it leaves alone. */
  static Put put(Shelf shelf, Voice voice, Instant now) {
    Voice current = shelf.get(voice.id());
    if (current == null && shelf.gone(voice.id()) != null) {
      throw gone();
    }
    if ((current == null ? 0 : current.version()) != voice.version()) {
      throw conflict(current);
    }
    String providerVoiceId = voice.providerVoiceId();
    Voice holder =
        providerVoiceId == null ? null : shelf.byProviderId(voice.provider(), providerVoiceId);
    Shelf.Gone yielding = null;
    if (holder != null && !holder.id().equals(voice.id())) {
      if (nobodys(voice) || !nobodys(holder)) {
        throw taken(holder);
      }
      yielding = new Shelf.Gone(holder.id(), holder.version() + 1, now);
    }
    return new Put(next(voice, current), yielding);
  }

  /** The effect of a delete; null: there is nothing to delete. */
  static Shelf.@Nullable Gone delete(Shelf shelf, String id, long version, Instant now) {
    Voice current = shelf.get(id);
    if (current == null) {
      return null;
    }
    if (current.version() != version) {
      throw conflict(current);
    }
    return new Shelf.Gone(id, version + 1, now);
  }

  static Voice next(Voice voice, @Nullable Voice current) {
    return voice
        .edit()
        .version(voice.version() + 1)
        .lastUsed(current == null ? null : current.lastUsed())
        .done();
  }

  static boolean nobodys(Voice voice) {
    return voice.origin() == Voice.Origin.FOUND && voice.owner() == null;
  }

  static VoiceStoreException gone() {
    return new VoiceStoreException(GONE, "the voice was deleted", null);
  }

  static VoiceStoreException conflict(@Nullable Voice current) {
    return new VoiceStoreException(CONFLICT, "the voice was changed by someone else", current);
  }

  static VoiceStoreException taken(@Nullable Voice holder) {
    return new VoiceStoreException(
        TAKEN, "the provider's voice id belongs to another voice", holder);
  }

  /** The changes that a put makes, the one that gives way first. */
  static List<VoiceChange> changes(Put put) {
    List<VoiceChange> changes = new ArrayList<>();
    if (put.yielding() != null) {
      changes.add(new VoiceChange(put.yielding().id(), null));
    }
    changes.add(new VoiceChange(put.stored().id(), put.stored()));
    return changes;
  }

  /** The same future, but completed on the caller's context if it has one. */
  static <T> Future<T> here(Future<T> future) {
    Context context = Vertx.currentContext();
    if (context == null) {
      return future;
    }
    Promise<T> promise = Promise.promise();
    future.onComplete(result -> context.runOnContext(v -> promise.handle(result)));
    return promise.future();
  }
}
