package dev.voicebridge.http;

import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.voice.Voice;
import org.jspecify.annotations.Nullable;

/** What {@code model} of the customization API chooses: three interfaces behind one address. */
enum CustomizationApi {
  /** Clones and designs, asynchronous. */
  COSYVOICE("voice-enrollment", Provider.COSYVOICE),
  QWEN_CLONE("qwen-voice-enrollment", Provider.QWEN),
  QWEN_DESIGN("qwen-voice-design", Provider.QWEN);

  private final String model;
  private final Provider provider;

  CustomizationApi(String model, Provider provider) {
    this.model = model;
    this.provider = provider;
  }

  static @Nullable CustomizationApi of(String model) {
    for (CustomizationApi api : values()) {
      if (api.model.equals(model)) {
        return api;
      }
    }
    return null;
  }

  Provider provider() {
    return provider;
  }

  boolean has(String action) {
    return switch (action) {
      case "create_voice", "list_voice", "query_voice", "update_voice", "delete_voice" ->
          this == COSYVOICE;
      case "create", "list", "delete" -> this != COSYVOICE;
      case "query" -> this == QWEN_DESIGN;
      default -> false;
    };
  }

  /** The field of a voice's id. */
  String idField() {
    return this == COSYVOICE ? "voice_id" : "voice";
  }

  /** What the vendor counts where nothing is made. */
  int count() {
    return this == COSYVOICE ? 1 : 0;
  }

  /** Whether this interface shows the voice: of its family, and known at the vendor. */
  boolean shows(Voice voice) {
    if (voice.providerVoiceId() == null || !provider.id().equals(voice.family())) {
      return false;
    }
    return switch (this) {
      case COSYVOICE -> true;
      case QWEN_CLONE -> !isDesign(voice);
      case QWEN_DESIGN -> isDesign(voice);
    };
  }

  static boolean isDesign(Voice voice) {
    return voice.origin() == Voice.Origin.DESIGNED
        || voice.design() != null
        || voice.targetModel().contains("-tts-vd-");
  }
}
