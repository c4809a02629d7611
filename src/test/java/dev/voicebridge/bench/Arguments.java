package dev.voicebridge.bench;

import java.util.HashMap;
import java.util.Map;

/** {@code --name value} pairs. */
final class Arguments {
  private final Map<String, String> given = new HashMap<>();

  Arguments(String[] arguments) {
    for (int i = 0; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException("expected --name value: " + arguments[i]);
      }
      given.put(arguments[i].substring(2), arguments[i + 1]);
    }
  }

  int number(String name, int fallback) {
    String value = given.remove(name);
    return value == null ? fallback : Integer.parseInt(value);
  }

  /** Null when it is not given. */
  String text(String name) {
    return given.remove(name);
  }

  /** To be called after all known ones have been asked for. */
  void refuseOthers() {
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + given.keySet());
    }
  }
}
