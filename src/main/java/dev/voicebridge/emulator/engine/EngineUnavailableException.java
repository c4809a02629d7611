package dev.voicebridge.emulator.engine;

/**
 * There is no speech on this machine or in this build; the message is one line for the operator.
 */
public final class EngineUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EngineUnavailableException(String message) {
    super(message);
  }

  EngineUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
