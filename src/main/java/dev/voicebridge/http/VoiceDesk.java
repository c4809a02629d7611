package dev.voicebridge.http;

import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.Made;
import dev.voicebridge.library.Visit;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Supplier;

/** What the vendor-shaped doors ask of the {@link VoiceLibrary}, whose words hold here. */
interface VoiceDesk {
  /** All pages. */
  Future<VoicePage> list(Asker asker, VoiceQuery query);

  Future<Voice> get(Asker asker, String id, Duration longest);

  Future<Made> make(Asker asker, CloneOrder order);

  Future<Made> make(Asker asker, DesignOrder order);

  Future<Made> resample(Asker asker, String id, CloneOrder order);

  Future<Void> delete(Asker asker, String id);

  Future<JsonObject> uploadPolicy(String model);

  /**
   * The same for somebody with a vendor key of their own; {@link Visit}'s words hold there.
   *
   * @param family whose interface is called
   */
  VoiceDesk visiting(String key, Provider family);

  static VoiceDesk of(Supplier<VoiceLibrary> library) {
    return new VoiceDesk() {
      @Override
      public Future<VoicePage> list(Asker asker, VoiceQuery query) {
        return Future.succeededFuture(library.get().list(asker, query));
      }

      @Override
      public Future<Voice> get(Asker asker, String id, Duration longest) {
        return library.get().get(asker, id, longest);
      }

      @Override
      public Future<Made> make(Asker asker, CloneOrder order) {
        return library.get().make(asker, order);
      }

      @Override
      public Future<Made> make(Asker asker, DesignOrder order) {
        return library.get().make(asker, order);
      }

      @Override
      public Future<Made> resample(Asker asker, String id, CloneOrder order) {
        return library.get().resample(asker, id, order);
      }

      @Override
      public Future<Void> delete(Asker asker, String id) {
        return library.get().delete(asker, id);
      }

      @Override
      public Future<JsonObject> uploadPolicy(String model) {
        return library.get().uploadPolicy(model);
      }

      @Override
      public VoiceDesk visiting(String key, Provider family) {
        return of(library.get().visit(key), family);
      }
    };
  }

  private static VoiceDesk of(Visit visit, Provider family) {
    return new VoiceDesk() {
      @Override
      public Future<VoicePage> list(Asker asker, VoiceQuery query) {
        return visit.list(family, query).map(Visit.Listed::page);
      }

      @Override
      public Future<Voice> get(Asker asker, String id, Duration longest) {
        return visit.get(family, id, longest);
      }

      @Override
      public Future<Made> make(Asker asker, CloneOrder order) {
        return visit.make(asker, order);
      }

      @Override
      public Future<Made> make(Asker asker, DesignOrder order) {
        return visit.make(asker, order);
      }

      @Override
      public Future<Made> resample(Asker asker, String id, CloneOrder order) {
        return visit.resample(asker, family, id, order);
      }

      @Override
      public Future<Void> delete(Asker asker, String id) {
        return visit.delete(family, id);
      }

      @Override
      public Future<JsonObject> uploadPolicy(String model) {
        return visit.uploadPolicy(model);
      }

      @Override
      public VoiceDesk visiting(String key, Provider other) {
        throw new IllegalStateException("a visit has one key");
      }
    };
  }
}
