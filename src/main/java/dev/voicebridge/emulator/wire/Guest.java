package dev.voicebridge.emulator.wire;

import dev.voicebridge.emulator.engine.VoiceTraits;
import dev.voicebridge.emulator.library.CustomVoice;
import dev.voicebridge.emulator.library.VoiceLibrary;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * What every conversation of one guest shares, as one account sees it.
 *
 * @param account whose voices may be used
 */
record Guest(
    Vertx vertx,
    Narrator narrator,
    Roster roster,
    WireSettings settings,
    Faults faults,
    Rates rates,
    VoiceLibrary library,
    String account) {

  Guest of(String caller) {
    return new Guest(
        vertx,
        narrator,
        roster.with((model, voice) -> isUsable(caller, model, voice)),
        settings,
        faults,
        rates,
        library,
        caller);
  }

  /** Null for system voices. */
  @Nullable VoiceTraits traits(String voice) {
    CustomVoice own = library.find(account, voice);
    return own == null ? null : own.traits();
  }

  /** Whether the voice is still being made: it can be asked for, and says nothing. */
  boolean isDeploying(String voice) {
    CustomVoice own = library.find(account, voice);
    return own != null && System.currentTimeMillis() < own.readyAt();
  }

  private boolean isUsable(String caller, String model, String voice) {
    CustomVoice own = library.find(caller, voice);
    return own != null
        && own.targetModel().equals(model)
        && !own.status(System.currentTimeMillis()).equals("UNDEPLOYED");
  }
}
