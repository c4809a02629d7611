package dev.voicebridge.upstream.openai;

import dev.voicebridge.net.Multipart;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.pieces.PieceService.Order;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * What CosyVoice's own server ({@code runtime/python/fastapi}) is asked: a form, to {@code
 * /inference_sft} for a speaker of the model, to {@code /inference_zero_shot} for a voice that is
 * made of a clip, and to {@code /inference_instruct2} where it is told how to speak. Samples come
 * without a header; which rate they have only the operator knows.
 */
final class CosyVoiceForms {
  private static final String PROMPT_END = "<|endofprompt|>";

  /** CosyVoice3 does not speak without it. */
  private static final String ASSISTANT = "You are a helpful assistant.";

  private static final Pattern THIRD =
      Pattern.compile(".*cosyvoice[-_ ]?v?3.*", Pattern.CASE_INSENSITIVE);

  private CosyVoiceForms() {}

  static Order order(Engine engine, String text, SpeechSettings settings) {
    Multipart form = new Multipart().text("tts_text", text);
    Engine.Clip clip = engine.clips().get(settings.voice());
    boolean third = THIRD.matcher(settings.model()).matches();
    String instructions = settings.instructions();
    String path;
    if (clip == null) {
      path = "/inference_sft";
      form.text("spk_id", settings.voice());
    } else if (instructions != null) {
      path = "/inference_instruct2";
      form.text("instruct_text", (third ? ASSISTANT + " " : "") + instructions + PROMPT_END);
    } else {
      path = "/inference_zero_shot";
      form.text("prompt_text", third ? ASSISTANT + PROMPT_END + clip.text() : clip.text());
    }
    if (clip != null) {
      form.file(
          "prompt_wav",
          "prompt",
          clip.mimeType(),
          Buffer.buffer(Base64.getDecoder().decode(clip.base64())));
    }
    return new Order(
        engine.baseUrl() + path, form.contentType(), "", false, form.end(), engine.nativeHz());
  }
}
