package dev.voicebridge.bridge;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.catalogue.Ability;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.catalogue.Model;
import dev.voicebridge.catalogue.SystemVoice;
import dev.voicebridge.upstream.Mode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an order is spoken: the settings for the service, and what of the order cannot be followed.
 *
 * @param unsure whether nobody here knows the voice
 * @param ignored fields that the model cannot follow
 * @param speed what the speed was taken to; null: it is as ordered
 */
record SpeechPlan(
    SessionSettings settings, boolean unsure, List<String> ignored, @Nullable Double speed) {

  /**
   * @param asked what {@link VoiceBook#ask} said of the voice; null: not asked, or nothing
   * @throws SessionError when it cannot be spoken
   */
  static SpeechPlan of(
      SessionHost host, Caller caller, SpeechOrder order, @Nullable CustomVoice asked) {
    Catalogue catalogue = host.catalogue();
    VoiceBook book = order.bookOf(host);
    CustomVoice found = order.voice().isEmpty() ? null : book.find(caller, order.voice());
    CustomVoice custom = found == null ? asked : found;
    boolean anyModel = SessionSettings.isAnyModel(order.model());
    if (custom != null && custom.foreign()) {
      // In the words for a voice that nobody has: it is nobody's business here.
      throw unknownVoice(catalogue, order.voice());
    }
    String model =
        !anyModel ? order.model() : custom != null ? "" : modelOf(catalogue, caller, order.voice());
    SessionSettings first =
        SessionSettings.initial(catalogue, book, caller, model, order.voice(), custom);
    if (!first.hasVoice()) {
      throw new SessionError(
          ErrorCode.INVALID_VALUE,
          "voice",
          "the model " + model + " has no voice of its own",
          "name one");
    }
    Model known = catalogue.modelOrAssumed(first.speech().model());
    if (known == null) {
      throw new IllegalStateException("it has a dialect");
    }
    List<String> ignored = new ArrayList<>();
    JsonObject wishes = order.further().copy().put("mode", Mode.COMMIT.wireName());
    AudioFormat format = serviceFormat(known, order);
    wishes
        .put("response_format", format.wireName())
        .put("sample_rate", sampleRate(known, order.format(), format));
    Double speed = null;
    if (order.speed() != 1) {
      if (known.can(Ability.SPEECH_RATE)) {
        double possible =
            Math.max(SessionSettings.MIN_RATE, Math.min(SessionSettings.MAX_RATE, order.speed()));
        wishes.put(Ability.SPEECH_RATE.field(), possible);
        speed = possible == order.speed() ? null : (Double) possible;
      } else {
        ignored.add("speed");
      }
    }
    if (!order.instructions().isEmpty()) {
      if (known.can(Ability.INSTRUCTIONS)) {
        wishes.put(Ability.INSTRUCTIONS.field(), order.instructions());
      } else {
        ignored.add("instructions");
      }
    }
    return new SpeechPlan(
        first.with(wishes, custom), first.isVoiceUnknown(), List.copyOf(ignored), speed);
  }

  /** The voice's own model: the first that speaks with it and that the key may use. */
  static String modelOf(Catalogue catalogue, Caller caller, String named) {
    if (named.isEmpty()) {
      throw new SessionError(ErrorCode.INVALID_VALUE, "voice", "'voice' is needed");
    }
    String target = catalogue.targetOf(named);
    if (target != null) {
      return target;
    }
    SystemVoice voice = catalogue.systemVoice(named);
    if (voice == null) {
      throw unknownVoice(catalogue, named);
    }
    return catalogue.models().stream()
        .map(Model::name)
        .filter(voice.models()::contains)
        .filter(caller::mayUseModel)
        .findFirst()
        .orElseThrow(
            () ->
                new SessionError(
                    ErrorCode.NOT_ALLOWED,
                    "model",
                    "this key may use no model that speaks with " + voice.name()));
  }

  static SessionError unknownVoice(Catalogue catalogue, String named) {
    return new SessionError(
        ErrorCode.VOICE_NOT_FOUND,
        "voice",
        "there is no voice " + SessionSettings.shortened(named),
        "nearest: " + String.join(", ", catalogue.nearestVoices(named)));
  }

  /** What the service encodes itself need not be encoded again, if it comes as one stream. */
  private static AudioFormat serviceFormat(Model model, SpeechOrder order) {
    Set<AudioFormat> formats = model.formats();
    if (order.format() == SpeechFormat.MP3 && formats.contains(AudioFormat.MP3)) {
      return AudioFormat.MP3;
    }
    // What a language model writes may become several streams.
    boolean oneStream = order.prompt() == null && order.text().length() <= model.maxTextChars() / 2;
    if (order.format() == SpeechFormat.OPUS && formats.contains(AudioFormat.OPUS) && oneStream) {
      return AudioFormat.OPUS;
    }
    return AudioFormat.PCM;
  }

  private static int sampleRate(Model model, SpeechFormat wanted, AudioFormat format) {
    // Opus knows no 22,050 Hz.
    int rate = format == AudioFormat.OPUS ? 24_000 : wanted.rateHz();
    return model.sampleRatesHz().contains(rate) ? rate : model.defaultSampleRateHz();
  }
}
