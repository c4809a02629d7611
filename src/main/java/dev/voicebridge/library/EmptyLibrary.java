package dev.voicebridge.library;

/** Stands in until there is a library to start: it knows no voice. */
public final class EmptyLibrary {
  private EmptyLibrary() {}

  public static VoiceLibrary create() {
    return new VoiceLibrary();
  }
}
