package dev.voicebridge.voice;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * @param since when the state began
 * @param detail for the operator, in one line, without addresses or secrets; null: nothing to say
 */
public record StoreHealth(State state, Instant since, @Nullable String detail) {
  /** What works. */
  public enum State {
    /** Reads and writes. */
    OK,
    /** The store is away: reads are answered from memory, writes fail. */
    FROM_MEMORY,
    /** Nothing: closed, or never reached. */
    DOWN
  }
}
