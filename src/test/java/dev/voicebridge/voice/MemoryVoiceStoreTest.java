package dev.voicebridge.voice;

class MemoryVoiceStoreTest extends VoiceStoreContract {
  @Override
  VoiceStore open() {
    return new MemoryVoiceStore(vertx);
  }
}
