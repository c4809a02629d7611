package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.config.Config;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class KeyRings {
  static final KeyRing.Key ANONYMOUS =
      new KeyRing.Key(
          new Caller("anonymous", Set.of(), Set.of(), SessionLimits.DEFAULTS),
          Instance.MAX_SESSIONS);

  private KeyRings() {}

  static KeyRing of(Config config) {
    if (config.apiKeys() != null) {
      throw new UnsupportedOperationException("keys");
    }
    return new KeyRing() {
      @Override
      public boolean required() {
        return false;
      }

      @Override
      public @Nullable Key find(String secret) {
        return ANONYMOUS;
      }

      @Override
      public @Nullable Key named(String name) {
        return ANONYMOUS;
      }

      @Override
      public Key anonymous() {
        return ANONYMOUS;
      }
    };
  }
}
