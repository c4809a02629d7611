package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.config.ApiKeys;
import dev.voicebridge.config.Config;
import dev.voicebridge.config.ConfigException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that callers may show, and what each of them may do here. Any thread. */
final class KeyRing {
  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

  private final ApiKeys keys;
  private final boolean required;
  private final Config.Sessions sessions;
  private final Key anonymous;

  /**
   * @throws ConfigException when the keys cannot be used
   */
  KeyRing(Config config) {
    this.keys = ApiKeys.load(config.apiKeys());
    this.required = config.apiKeys() != null;
    this.sessions = config.sessions();
    this.anonymous =
        new Key(
            new Caller("anonymous", Set.of(), Set.of(), limits(ApiKeys.Limits.NONE), true),
            sessions.max());
  }

  /**
   * @param caller the key's name and what it may do
   * @param maxSessions how many sessions it may hold at once on this instance
   */
  record Key(Caller caller, int maxSessions) {}

  /** Whether a key must be shown; false: this machine only, any key or none will do. */
  boolean required() {
    return required;
  }

  /**
   * @return null when the key is not known
   */
  @Nullable Key find(String secret) {
    return key(keys.find(secret));
  }

  /**
   * The key that goes by that name now.
   *
   * @return null when it was taken away since
   */
  @Nullable Key named(String name) {
    return key(keys.named(name));
  }

  /** Who calls where no keys are set. */
  Key anonymous() {
    return anonymous;
  }

  /** What holds for somebody who has not said yet who he is. */
  SessionLimits limits() {
    return anonymous.caller().limits();
  }

  /** Reads the key file again; when it cannot be used, the old keys hold. Blocks on the disk. */
  void reread() {
    try {
      if (keys.reloadIfChanged()) {
        log.atInfo().addKeyValue("keys", keys).log("reread the API keys");
      }
    } catch (ConfigException bad) {
      bad.mistakes().forEach(mistake -> log.error("the old API keys go on to hold: {}", mistake));
    }
  }

  private @Nullable Key key(ApiKeys.@Nullable Key found) {
    return found == null
        ? null
        : new Key(
            new Caller(
                found.name(),
                found.models(),
                found.voices(),
                limits(found.limits()),
                found.operator()),
            Math.min(sessions.max(), or(found.limits().maxSessions(), sessions.max())));
  }

  private SessionLimits limits(ApiKeys.Limits own) {
    SessionLimits ours = SessionLimits.DEFAULTS;
    return new SessionLimits(
        // The sockets are made for this size: a key can lower it only.
        Math.min(ours.maxMessageBytes(), or(own.maxMessageBytes(), ours.maxMessageBytes())),
        or(own.maxTextChars(), ours.maxTextChars()),
        or(own.maxQueuedChars(), ours.maxQueuedChars()),
        or(own.maxQueuedResponses(), ours.maxQueuedResponses()),
        orSeconds(own.maxLeadSeconds(), sessions.maxLead()),
        orSeconds(own.idleSeconds(), sessions.idle()),
        orSeconds(own.maxSessionSeconds(), sessions.maxAge()),
        ours.slowReader(),
        or(own.maxMessagesPerSecond(), ours.maxMessagesPerSecond()));
  }

  private static int or(@Nullable Integer own, int ours) {
    return own == null ? ours : own;
  }

  private static Duration orSeconds(@Nullable Integer own, Duration ours) {
    return own == null ? ours : Duration.ofSeconds(own);
  }
}
