package dev.voicebridge.config;

import java.util.List;

/** The settings cannot be used; {@link #mistakes()} has one readable line for each reason. */
public final class ConfigException extends RuntimeException {
  private final transient List<String> mistakes;

  public ConfigException(List<String> mistakes) {
    super(String.join("\n", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  public List<String> mistakes() {
    return mistakes;
  }
}
