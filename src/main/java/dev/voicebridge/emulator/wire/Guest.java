package dev.voicebridge.emulator.wire;

import io.vertx.core.Vertx;

/** What every conversation of one guest shares. */
record Guest(
    Vertx vertx,
    Narrator narrator,
    Roster roster,
    WireSettings settings,
    Faults faults,
    Rates rates) {}
