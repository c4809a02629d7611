package dev.voicebridge.emulator.wire;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The faults still to come, in order: each is spent on the next thing it can strike, and holds back
 * those behind it until then. Thread-safe, so that a test may add while the guest runs.
 */
public final class Faults {
  private final ArrayDeque<Fault> coming = new ArrayDeque<>();
  private volatile Consumer<String> witness = operation -> {};

  /**
   * Tells of every HTTP call that reaches the guest, as it comes: its {@link
   * Fault.OnCall#operation}. Called on the guest's event loop.
   */
  public Faults witness(Consumer<String> listener) {
    witness = listener;
    return this;
  }

  public synchronized Faults add(Fault fault) {
    coming.add(fault);
    return this;
  }

  public synchronized void clear() {
    coming.clear();
  }

  public synchronized boolean isEmpty() {
    return coming.isEmpty();
  }

  synchronized @Nullable Fault take(Fault.Place place) {
    Fault next = coming.peek();
    return next != null && next.place() == place ? coming.poll() : null;
  }

  Fault.@Nullable OnCall takeCall(String operation) {
    witness.accept(operation);
    return next(operation);
  }

  private synchronized Fault.@Nullable OnCall next(String operation) {
    return coming.peek() instanceof Fault.OnCall next
            && !(next instanceof Fault.LateWork)
            && strikes(next, operation)
        ? (Fault.OnCall) coming.remove()
        : null;
  }

  synchronized Fault.@Nullable LateWork takeLateWork(String operation) {
    return coming.peek() instanceof Fault.LateWork next && strikes(next, operation)
        ? (Fault.LateWork) coming.remove()
        : null;
  }

  private static boolean strikes(Fault.OnCall fault, String operation) {
    return fault.operation().isEmpty() || fault.operation().equals(operation);
  }
}
