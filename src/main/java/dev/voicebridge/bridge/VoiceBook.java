package dev.voicebridge.bridge;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Where sessions look custom voices up. Event loop only. */
public interface VoiceBook {
  /**
   * From memory, at once.
   *
   * @param name our id or the service's
   * @return null: no such voice is known here
   */
  @Nullable CustomVoice find(Caller caller, String name);

  /**
   * Whether a name that nobody knows here has the form of a custom voice, so that {@link #ask} may
   * be worth its time.
   */
  boolean plausible(String name);

  /**
   * As {@link #find}, but asks what all instances share: another one may have made the voice a
   * moment ago. Completes on the caller's context; null: there is none. May fail, and may take
   * longer than a session waits.
   */
  Future<@Nullable CustomVoice> ask(Caller caller, String name);

  /**
   * A response has begun to sound with that voice. Cheap.
   *
   * @param id ours
   */
  void spoke(String id);

  /** Knows no voice. */
  VoiceBook EMPTY =
      new VoiceBook() {
        @Override
        public @Nullable CustomVoice find(Caller caller, String name) {
          return null;
        }

        @Override
        public boolean plausible(String name) {
          return false;
        }

        @Override
        public Future<@Nullable CustomVoice> ask(Caller caller, String name) {
          return Future.succeededFuture();
        }

        @Override
        public void spoke(String id) {}
      };
}
