package dev.voicebridge.scripted;

/** The two ways in. */
enum Door {
  BINARY("/v1/realtime"),
  BASE64("/api-ws/v1/realtime");

  final String path;

  Door(String path) {
    this.path = path;
  }
}
