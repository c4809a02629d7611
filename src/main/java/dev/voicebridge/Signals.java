package dev.voicebridge;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Runs something once when the process is asked to end. By reflection, because {@code
 * sun.misc.Signal} is in no exported API; a shutdown hook would end with 143 instead of 0.
 */
final class Signals {
  private Signals() {}

  /** Runs the action on SIGTERM or SIGINT; where the platform has no signals, never. */
  static void onStop(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                  return method.invoke(action, arguments);
                }
                action.run();
                return null;
              });
      Method handle = signal.getMethod("handle", signal, handler);
      for (String name : new String[] {"TERM", "INT"}) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (ReflectiveOperationException noSignals) {
      System.getLogger(Signals.class.getName())
          .log(System.Logger.Level.WARNING, "signals cannot be handled here", noSignals);
    }
  }
}
