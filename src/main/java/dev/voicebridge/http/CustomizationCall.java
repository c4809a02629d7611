package dev.voicebridge.http;

import dev.voicebridge.library.Agreement;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.Made;
import dev.voicebridge.library.SampleSource;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One call of the customization API, read and checked as far as its own form goes. */
sealed interface CustomizationCall {
  CustomizationApi api();

  /** The model that a voice is to be made for; empty: none is made. */
  default String targetModel() {
    return "";
  }

  /** How it is known that the speaker agreed; {@link Agreement#NONE}: no sample comes with it. */
  default Agreement agreement() {
    return Agreement.NONE;
  }

  /** On the caller's event loop. */
  Future<Reply> ask(VoiceDesk desk, Asker asker);

  /**
   * @param count what the vendor's usage would say
   * @param vendorRequestId null: the vendor was not asked
   */
  record Reply(JsonObject output, int count, @Nullable String vendorRequestId) {
    private static Reply of(CustomizationApi api, JsonObject output) {
      return new Reply(output, api.count(), null);
    }

    private static Reply of(CustomizationApi api, Made made) {
      List<String> ids = made.voice().requestIds();
      return new Reply(
          CustomizationAnswers.made(api, made), 1, ids.isEmpty() ? null : ids.get(ids.size() - 1));
    }
  }

  record Clone(CustomizationApi api, CloneOrder order) implements CustomizationCall {
    @Override
    public Agreement agreement() {
      return order.agreement();
    }

    @Override
    public String targetModel() {
      return order.targetModel();
    }

    @Override
    public Future<Reply> ask(VoiceDesk desk, Asker asker) {
      return desk.make(asker, order).map(made -> Reply.of(api, made));
    }
  }

  record Design(CustomizationApi api, DesignOrder order) implements CustomizationCall {
    @Override
    public String targetModel() {
      return order.targetModel();
    }

    @Override
    public Future<Reply> ask(VoiceDesk desk, Asker asker) {
      return desk.make(asker, order).map(made -> Reply.of(api, made));
    }
  }

  /**
   * @param prefix empty: all
   * @param pageIndex from 0
   */
  record Listing(CustomizationApi api, String prefix, int pageIndex, int pageSize)
      implements CustomizationCall {
    @Override
    public Future<Reply> ask(VoiceDesk desk, Asker asker) {
      return desk.list(asker, VoiceQuery.all().ofProvider(Voice.DASHSCOPE))
          .map(
              page ->
                  Reply.of(api, CustomizationAnswers.list(api, shown(page), pageIndex, pageSize)));
    }

    private List<Voice> shown(VoicePage page) {
      return page.voices().stream()
          .filter(api::shows)
          .filter(voice -> prefix.isEmpty() || CustomizationAnswers.hasPrefix(voice, prefix))
          .toList();
    }
  }

  record Query(CustomizationApi api, String id) implements CustomizationCall {
    @Override
    public Future<Reply> ask(VoiceDesk desk, Asker asker) {
      return shown(api, id, desk, asker)
          .map(voice -> Reply.of(api, CustomizationAnswers.query(api, voice)));
    }
  }

  record Update(CustomizationApi api, String id, SampleSource sample, Agreement agreement)
      implements CustomizationCall {
    @Override
    public Future<Reply> ask(VoiceDesk desk, Asker asker) {
      return shown(api, id, desk, asker)
          .compose(
              voice ->
                  CustomizationApi.isDesign(voice)
                      ? Future.failedFuture(
                          VendorProblem.invalid("Only cloned voices can be updated."))
                      : desk.resample(asker, id, order(voice)))
          .map(made -> Reply.of(api, new JsonObject()));
    }

    private CloneOrder order(Voice voice) {
      return new CloneOrder(
          api.provider(),
          voice.targetModel(),
          voice.displayName().isBlank() ? voice.id() : voice.displayName(),
          null,
          sample,
          agreement,
          voice.tags(),
          null,
          null,
          null,
          null,
          true);
    }
  }

  record Deletion(CustomizationApi api, String id) implements CustomizationCall {
    @Override
    public Future<Reply> ask(VoiceDesk desk, Asker asker) {
      return shown(api, id, desk, asker)
          .compose(voice -> desk.delete(asker, id))
          .map(
              done ->
                  Reply.of(
                      api,
                      api == CustomizationApi.COSYVOICE
                          ? new JsonObject()
                          : new JsonObject().put("voice", id)));
    }
  }

  private static Future<Voice> shown(CustomizationApi api, String id, VoiceDesk desk, Asker asker) {
    return desk.get(asker, id, Duration.ZERO)
        .compose(
            voice ->
                api.shows(voice)
                    ? Future.succeededFuture(voice)
                    : Future.failedFuture(VendorProblem.noSuchVoice()));
  }

  /**
   * What the headers say beside the body.
   *
   * @param resolvesOss whether {@code oss://} URLs may be used
   * @param agreement of the speaker, where the call brings a sample
   */
  record Headers(boolean resolvesOss, Agreement agreement) {}

  /**
   * Decodes up to {@link CustomizationEndpoint#MAX_BODY_BYTES}, so not on an event loop when it is
   * long. Unknown fields are ignored.
   *
   * @throws VendorProblem when it is not a call
   */
  static CustomizationCall parse(Buffer body, Headers headers) {
    if (!(decoded(body) instanceof JsonObject call)) {
      throw VendorProblem.invalid("The request body is not a JSON object.");
    }
    CustomizationApi api = CustomizationApi.of(Input.required(call, "model"));
    if (api == null) {
      throw VendorProblem.noSuchModel();
    }
    if (!(call.getValue("input") instanceof JsonObject input)) {
      throw Input.missing("input");
    }
    String action = Input.required(input, "action");
    if (!api.has(action)) {
      throw VendorProblem.invalid("action is not supported: " + Input.shown(action));
    }
    JsonObject parameters =
        call.getValue("parameters") instanceof JsonObject given ? given : new JsonObject();
    return switch (action) {
      case "create_voice" ->
          input.getValue("voice_prompt") == null
              ? cosyVoiceClone(input, headers)
              : cosyVoiceDesign(input, parameters);
      case "create" ->
          api == CustomizationApi.QWEN_CLONE
              ? qwenClone(input, headers)
              : qwenDesign(input, parameters);
      case "list_voice", "list" ->
          new Listing(
              api,
              api == CustomizationApi.COSYVOICE ? Input.textOr(input, "prefix", "") : "",
              Input.whole(input, "page_index", 0, 0, 1_000_000),
              Input.whole(input, "page_size", 10, 1, 1000));
      case "query_voice", "query" -> new Query(api, Input.required(input, api.idField()));
      case "update_voice" ->
          new Update(
              api,
              Input.required(input, api.idField()),
              url(Input.required(input, "url"), "url", headers),
              headers.agreement());
      default -> new Deletion(api, Input.required(input, api.idField()));
    };
  }

  private static @Nullable Object decoded(Buffer body) {
    try {
      return Json.decodeValue(body);
    } catch (RuntimeException notJson) {
      return null;
    }
  }

  private static Clone cosyVoiceClone(JsonObject input, Headers headers) {
    String prefix = Input.name(input, "prefix", 10);
    return new Clone(
        CustomizationApi.COSYVOICE,
        new CloneOrder(
            CustomizationApi.COSYVOICE.provider(),
            Input.required(input, "target_model"),
            prefix,
            prefix,
            url(Input.required(input, "url"), "url", headers),
            headers.agreement(),
            List.of(),
            Input.firstOf(input, "language_hints"),
            null,
            Input.number(input, "max_prompt_audio_length", 3, 30),
            Input.flag(input, "enable_preprocess"),
            true));
  }

  private static Design cosyVoiceDesign(JsonObject input, JsonObject parameters) {
    if (input.getValue("url") != null) {
      throw VendorProblem.invalid("Only one of url and voice_prompt may be set.");
    }
    return design(
        CustomizationApi.COSYVOICE,
        input,
        parameters,
        Input.name(input, "prefix", 10),
        Input.firstOf(input, "language_hints"));
  }

  private static Clone qwenClone(JsonObject input, Headers headers) {
    String name = Input.name(input, "preferred_name", 16);
    if (!(input.getValue("audio") instanceof JsonObject audio)) {
      throw Input.missing("audio.data");
    }
    return new Clone(
        CustomizationApi.QWEN_CLONE,
        new CloneOrder(
            CustomizationApi.QWEN_CLONE.provider(),
            Input.required(input, "target_model"),
            name,
            name,
            inlineOrUrl(Input.required(audio, "data"), headers),
            headers.agreement(),
            List.of(),
            Input.text(input, "language"),
            Input.text(input, "text"),
            null,
            null,
            true));
  }

  private static Design qwenDesign(JsonObject input, JsonObject parameters) {
    return design(
        CustomizationApi.QWEN_DESIGN,
        input,
        parameters,
        Input.name(input, "preferred_name", 16),
        Input.text(input, "language"));
  }

  private static Design design(
      CustomizationApi api,
      JsonObject input,
      JsonObject parameters,
      String name,
      @Nullable String language) {
    return new Design(
        api,
        new DesignOrder(
            api.provider(),
            Input.required(input, "target_model"),
            name,
            name,
            Input.required(input, "voice_prompt"),
            Input.required(input, "preview_text"),
            List.of(),
            language,
            parameters.getValue("sample_rate") == null
                ? null
                : Integer.valueOf(Input.whole(parameters, "sample_rate", 24_000, 8000, 48_000)),
            Input.text(parameters, "response_format"),
            false));
  }

  private static SampleSource url(String url, String field, Headers headers) {
    if (url.startsWith("oss://")) {
      if (!headers.resolvesOss()) {
        throw VendorProblem.invalid(
            field + " is an oss:// address: send X-DashScope-OssResourceResolve: enable with it.");
      }
    } else if (!Input.HTTP_URL.matcher(url).matches()) {
      throw VendorProblem.invalid(field + " must be an http(s):// or oss:// address.");
    }
    return new SampleSource.AtUrl(url);
  }

  private static SampleSource inlineOrUrl(String data, Headers headers) {
    if (!data.regionMatches(true, 0, "data:", 0, 5)) {
      return url(data, "audio.data", headers);
    }
    Matcher head = Input.DATA_URI.matcher(data);
    if (!head.lookingAt()) {
      throw VendorProblem.invalid("audio.data is not a data URI with base64 in it.");
    }
    try {
      // Strict: what is skipped silently would be heard as a click.
      byte[] bytes = Base64.getDecoder().decode(data.substring(head.end()));
      String type = head.group(1);
      return new SampleSource.Given(Buffer.buffer(bytes), type.isEmpty() ? null : type);
    } catch (IllegalArgumentException e) {
      throw VendorProblem.invalid("audio.data holds something that is not base64.");
    }
  }

  /** Reads fields of somebody else's JSON, each of which may be missing or of another type. */
  final class Input {
    private static final Pattern HTTP_URL = Pattern.compile("(?i)https?://\\S+");
    private static final Pattern DATA_URI =
        Pattern.compile("(?i)data:([^;,]{0,100})(?:;[^;,]{0,100}){0,5}?;base64,");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+");
    private static final int SHOWN = 60;

    private Input() {}

    static VendorProblem missing(String field) {
      return VendorProblem.invalid("Required parameter(" + field + ") missing or invalid.");
    }

    static @Nullable String text(JsonObject of, String field) {
      Object value = of.getValue(field);
      if (value == null || value.equals("")) {
        return null;
      }
      if (!(value instanceof String text)) {
        throw VendorProblem.invalid(field + " must be a string.");
      }
      return text;
    }

    static String textOr(JsonObject of, String field, String otherwise) {
      String text = text(of, field);
      return text == null ? otherwise : text;
    }

    static String required(JsonObject of, String field) {
      if (of.getValue(field) instanceof String text && !text.isBlank()) {
        return text;
      }
      throw missing(field);
    }

    static String name(JsonObject of, String field, int longest) {
      String name = required(of, field);
      if (name.length() > longest || !NAME.matcher(name).matches()) {
        throw VendorProblem.invalid(
            field + " should be letters, digits and underscores, " + longest + " at most.");
      }
      return name;
    }

    static int whole(JsonObject of, String field, int otherwise, int least, int most) {
      Object value = of.getValue(field);
      if (value == null) {
        return otherwise;
      }
      if (value instanceof Number number
          && number.doubleValue() == Math.rint(number.doubleValue())
          && number.doubleValue() >= least
          && number.doubleValue() <= most) {
        return number.intValue();
      }
      throw VendorProblem.invalid(
          field + " must be a whole number from " + least + " to " + most + ".");
    }

    static @Nullable Double number(JsonObject of, String field, double least, double most) {
      Object value = of.getValue(field);
      if (value == null) {
        return null;
      }
      if (value instanceof Number number
          && number.doubleValue() >= least
          && number.doubleValue() <= most) {
        return number.doubleValue();
      }
      throw VendorProblem.invalid(field + " must be a number from " + least + " to " + most + ".");
    }

    static @Nullable Boolean flag(JsonObject of, String field) {
      Object value = of.getValue(field);
      if (value == null) {
        return null;
      }
      if (value instanceof Boolean flag) {
        return flag;
      }
      throw VendorProblem.invalid(field + " must be true or false.");
    }

    /** The first of a list, which is the only one that counts. */
    static @Nullable String firstOf(JsonObject of, String field) {
      Object value = of.getValue(field);
      if (value == null) {
        return null;
      }
      if (!(value instanceof JsonArray array)) {
        throw VendorProblem.invalid(field + " must be an array of strings.");
      }
      if (array.isEmpty()) {
        return null;
      }
      if (array.getValue(0) instanceof String first) {
        return first;
      }
      throw VendorProblem.invalid(field + " must be an array of strings.");
    }

    /** Foreign words, short and on one line. */
    static String shown(String foreign) {
      return foreign
          .substring(0, Math.min(foreign.length(), SHOWN))
          .replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ");
    }
  }
}
