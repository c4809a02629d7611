package dev.voicebridge.http;

import dev.voicebridge.bridge.Prompt;
import dev.voicebridge.bridge.SessionError;
import dev.voicebridge.bridge.SessionHost;
import dev.voicebridge.bridge.SpeechFormat;
import dev.voicebridge.bridge.SpeechOrder;
import dev.voicebridge.bridge.SpeechStream;
import dev.voicebridge.bridge.VoiceBook;
import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.upstream.Upstreams;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/audio/speech}, as OpenAI has it: one request, one response of the engine that the
 * sessions have. Unknown fields are ignored. One per verticle, event loop only.
 */
final class SpeechEndpoint {
  static final String PATH = "/v1/audio/speech";

  /** The text is written by a language model, and the answer tells both in events. */
  static final String CHAT_PATH = "/v1/chat/speech";

  /** The longest input as escaped JSON, and room for the rest. */
  static final int MAX_BODY_BYTES = 256 * 1024;

  private static final double MIN_SPEED = 0.25;
  private static final double MAX_SPEED = 4.0;
  private static final int MAX_INSTRUCTIONS = 4096;
  private static final List<String> FURTHER =
      List.of("clean_text", "pronunciations", "enable_ssml", "hot_fix");

  private final Instance instance;
  private final SessionHost host;
  private final Map<String, String> aliases;

  SpeechEndpoint(
      Instance instance, Vertx vertx, Upstreams upstreams, VoiceBook voices, ChatClient chat) {
    this.instance = instance;
    this.aliases = instance.config().voiceAliases();
    this.host =
        new SessionHost(
            vertx,
            upstreams,
            instance.catalogue(),
            voices,
            ticket -> null,
            instance.metrics(),
            chat);
  }

  void speak(RoutingContext ctx) {
    JsonObject body = body(ctx);
    boolean events = asEvents(body);
    speak(ctx, events, order(ctx, body, input(body), instructions(body, "instructions"), null));
  }

  /** {@link #CHAT_PATH}: {@code instructions} are the language model's, like the messages. */
  void chat(RoutingContext ctx) {
    JsonObject body = body(ctx);
    Prompt prompt;
    try {
      prompt = Prompt.parse(body, "llm_model", "");
    } catch (SessionError wrong) {
      throw SpeechProblems.of(wrong);
    }
    speak(ctx, true, order(ctx, body, "", instructions(body, "voice_instructions"), prompt));
  }

  private static JsonObject body(RoutingContext ctx) {
    Buffer bytes = ctx.body().buffer();
    return Body.ofJson(bytes == null ? Buffer.buffer() : bytes).fields();
  }

  private void speak(RoutingContext ctx, boolean events, SpeechOrder order) {
    KeyRing.Key key = Access.keyOf(ctx);
    if (!instance.seats().take()) {
      throw tooMany("This instance holds all the sessions it can.");
    }
    if (!instance.seats().take(key)) {
      instance.seats().leave();
      throw tooMany("This key holds all the sessions it may.");
    }
    instance.metrics().speechOpened();
    SpeechAnswer answer =
        new SpeechAnswer(
            ctx,
            order.format(),
            events,
            order.prompt() != null,
            outcome -> {
              instance.seats().leave();
              instance.seats().leave(key);
              instance.metrics().speechClosed(order.format().wireName(), outcome);
            });
    answer.from(SpeechStream.open(host, key.caller(), order, answer));
  }

  private static Problem.Failure tooMany(String message) {
    return Problem.TOO_MANY.about(message, null).retryAfter(1);
  }

  private SpeechOrder order(
      RoutingContext ctx,
      JsonObject body,
      String input,
      String instructions,
      @Nullable Prompt prompt) {
    String providerKey = ctx.request().getHeader("x-provider-key");
    String model = text(body, "model").strip();
    String voice = voice(body);
    String ofModel = aliases.get(model);
    if (ofModel != null) {
      // A name that the operator made stands for a voice with its model, wherever it is said.
      model = "";
      voice = voice.isEmpty() ? ofModel : voice;
    }
    return new SpeechOrder(
        model,
        aliases.getOrDefault(voice, voice),
        input,
        format(body),
        speed(body),
        instructions,
        further(body),
        providerKey == null || providerKey.isBlank() ? null : providerKey.strip(),
        prompt);
  }

  /** What is done to the text; checked where sessions have theirs checked. */
  private static JsonObject further(JsonObject body) {
    JsonObject further = new JsonObject();
    for (String field : FURTHER) {
      if (body.getValue(field) != null) {
        further.put(field, body.getValue(field));
      }
    }
    return further;
  }

  private static String text(JsonObject body, String name) {
    Object value = body.getValue(name);
    if (value == null || value instanceof String) {
      return value == null ? "" : (String) value;
    }
    throw Fields.wrong(name, "expected one text", "应为一段文本");
  }

  private static String input(JsonObject body) {
    String input = text(body, "input");
    if (input.isEmpty()) {
      throw Fields.wrong("input", "is needed", "必须填写");
    }
    return input;
  }

  /** A name, or an object with an {@code id}. */
  private static String voice(JsonObject body) {
    if (body.getValue("voice") instanceof JsonObject object) {
      if (object.getValue("id") instanceof String id) {
        return id.strip();
      }
      throw Fields.wrong("voice", "expected a name or an object with an id", "应为声音名称，或带 id 的对象");
    }
    return text(body, "voice").strip();
  }

  private static SpeechFormat format(JsonObject body) {
    String named = text(body, "response_format").strip();
    SpeechFormat format =
        named.isEmpty() ? SpeechFormat.MP3 : SpeechFormat.parse(named.toLowerCase(Locale.ROOT));
    if (format == null) {
      String all = String.join(", ", SpeechFormat.wireNames());
      throw Fields.wrong(
          "response_format", "this is not made here; there are " + all, "不支持这种格式；可用：" + all);
    }
    return format;
  }

  private static boolean asEvents(JsonObject body) {
    String named = text(body, "stream_format");
    return switch (named) {
      case "", "audio" -> false;
      case "sse" -> true;
      default -> throw Fields.wrong("stream_format", "expected audio or sse", "应为 audio 或 sse");
    };
  }

  private static double speed(JsonObject body) {
    Double speed = new Fields(body, false).number("speed", MIN_SPEED, MAX_SPEED);
    return speed == null ? 1 : speed;
  }

  private static String instructions(JsonObject body, String field) {
    String instructions = text(body, field).strip();
    if (instructions.length() > MAX_INSTRUCTIONS) {
      throw Fields.wrong(
          field, "at most " + MAX_INSTRUCTIONS + " characters", "最多 " + MAX_INSTRUCTIONS + " 个字符");
    }
    return instructions;
  }
}
