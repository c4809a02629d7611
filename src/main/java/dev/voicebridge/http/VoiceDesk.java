package dev.voicebridge.http;

import dev.voicebridge.library.Asker;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.Made;
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
  VoicePage list(Asker asker, VoiceQuery query);

  Future<Voice> get(Asker asker, String id);

  Future<Made> make(Asker asker, CloneOrder order);

  Future<Made> make(Asker asker, DesignOrder order);

  Future<Made> resample(Asker asker, String id, CloneOrder order);

  Future<Void> delete(Asker asker, String id);

  Future<JsonObject> uploadPolicy(String model);

  static VoiceDesk of(Supplier<VoiceLibrary> library) {
    return new VoiceDesk() {
      @Override
      public VoicePage list(Asker asker, VoiceQuery query) {
        return library.get().list(asker, query);
      }

      @Override
      public Future<Voice> get(Asker asker, String id) {
        return library.get().get(asker, id, Duration.ZERO);
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
    };
  }
}
