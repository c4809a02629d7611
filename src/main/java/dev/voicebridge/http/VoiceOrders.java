package dev.voicebridge.http;

import dev.voicebridge.enrolment.DesignRequest;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.Agreement;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.SampleSource;
import dev.voicebridge.library.VoiceLibrary;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What callers order, read from their bodies. Any thread; what is wrong is a {@link
 * Problem.Failure} with the name of the field.
 */
final class VoiceOrders {
  static final int MAX_SAMPLE_BYTES = 10 << 20;
  static final int MAX_DESCRIPTION = 2048;
  static final int MAX_PREVIEW_TEXT = 2048;
  static final int MAX_TRANSCRIPT = 2000;
  static final int MAX_URL = 4096;

  private static final Set<String> SAMPLE_FIELDS = Set.of("sample", "url", "data");
  private static final Set<String> CLONE_ONLY =
      Set.of("sample", "transcript", "max_prompt_seconds", "preprocess", "again", "consent");
  private static final Set<String> DESIGN_ONLY =
      Set.of("description", "preview_text", "sample_rate", "format", "take");
  private static final Set<String> BOTH =
      Set.of("provider", "target_model", "name", "prefix", "language", "tags", "dry_run");

  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern LANGUAGE =
      Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}|[A-Za-z]{4,16}");
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}");
  private static final Set<String> FORMATS = Set.of("wav", "pcm", "mp3", "opus");

  private VoiceOrders() {}

  /** What {@code POST /v1/voices} may ask for: exactly one of both orders. */
  record Order(@Nullable CloneOrder cloning, @Nullable DesignOrder designing, boolean dryRun) {}

  /** Of a voice; null: as it is. */
  record Edit(@Nullable String name, @Nullable List<String> tags) {}

  /** {@code POST /v1/voices}. */
  static Order order(Body body) {
    Fields fields = new Fields(body.fields(), body.isForm());
    fields.only(union(BOTH, CLONE_ONLY, DESIGN_ONLY));
    boolean hasSample = body.file() != null || fields.has("sample");
    boolean isDesign = fields.has("description") || (!hasSample && fields.has("preview_text"));
    if (isDesign && hasSample) {
      throw Fields.wrong("sample", "a sample or a description, not both", "样本与描述只能二选一");
    }
    if (!isDesign && !hasSample) {
      throw Fields.wrong(
          body.isForm() ? "file" : "sample",
          "a sample (to clone) or a description (to design) is needed",
          "需要样本（克隆）或描述（设计）");
    }
    boolean dryRun = Boolean.TRUE.equals(fields.flag("dry_run"));
    return isDesign
        ? new Order(null, design(fields), dryRun)
        : new Order(clone(body, fields), null, dryRun);
  }

  /** {@code PUT /v1/voices/{id}/sample}: what is not said stays as it is. */
  static CloneOrder resample(Body body, Provider provider, String targetModel, String name) {
    JsonObject given = body.fields().copy();
    given.fieldNames().stream()
        .filter(field -> given.getValue(field) == null)
        .toList()
        .forEach(given::remove);
    JsonObject filled =
        new JsonObject()
            .put("provider", provider.id())
            .put("target_model", targetModel.isEmpty() ? null : targetModel)
            .put("name", name.isBlank() ? "voice" : name)
            .mergeIn(given);
    Fields fields = new Fields(filled, body.isForm());
    fields.only(without(union(BOTH, CLONE_ONLY), "dry_run"));
    return clone(body, fields);
  }

  /** {@code PATCH /v1/voices/{id}}. */
  static Edit edit(Body body) {
    Fields fields = new Fields(body.fields(), false);
    fields.only(Set.of("name", "tags", "keep"));
    String name = fields.line("name", VoiceLibrary.MAX_NAME);
    List<String> tags = fields.tags();
    // Any edit keeps a take; "keep" is for those who want nothing else.
    if (name == null && tags == null && !Boolean.TRUE.equals(fields.flag("keep"))) {
      throw Fields.wrong("name", "name, tags or keep is needed", "需要 name、tags 或 keep");
    }
    return new Edit(name, tags);
  }

  /** A sample alone: {@code {"url"}}, {@code {"data"}}, or a form's file. */
  static SampleSource sample(Body body) {
    Fields fields = new Fields(body.fields(), body.isForm());
    fields.only(body.isForm() ? Set.of() : without(SAMPLE_FIELDS, "sample"));
    return body.isForm() ? file(body) : source(fields, "");
  }

  /** A description to be checked. */
  record Checked(Provider provider, DesignRequest request) {}

  /**
   * {@code …/descriptions/check}.
   *
   * @param isForm whether it came in a query
   */
  static Checked description(JsonObject json, boolean isForm) {
    Fields fields = new Fields(json, isForm);
    fields.only(Set.of("provider", "description", "preview_text", "language"));
    // Blank and too long are what the rules speak about: only the size is for us.
    return new Checked(
        provider(fields),
        new DesignRequest(
            "",
            "",
            loose(json, "description", MAX_DESCRIPTION),
            loose(json, "preview_text", MAX_PREVIEW_TEXT),
            language(fields)));
  }

  private static String loose(JsonObject json, String name, int most) {
    Object value = json.getValue(name);
    if (value != null && !(value instanceof String)) {
      throw Fields.wrong(name, "expected one text", "应为一段文本");
    }
    String text = value == null ? "" : (String) value;
    if (text.length() > 2 * most) {
      throw Fields.wrong(name, "at most " + most + " characters", "最多 " + most + " 个字符");
    }
    return text;
  }

  /**
   * {@code POST /v1/uploads/audio/voice}, in SiliconFlow's words: {@code model} (by default its
   * own), {@code customName}, {@code text}, and {@code file} or {@code audio}. Unknown fields are
   * ignored.
   */
  static CloneOrder upload(Body body, Agreement agreement) {
    Fields fields = new Fields(body.fields(), body.isForm());
    String model = orEmpty(fields.matching("model", MODEL, 100, "the name of a model"));
    Provider provider = model.isEmpty() ? Provider.SILICONFLOW : Provider.ofTarget(model);
    if (provider == null) {
      throw Problem.NO_SUCH_MODEL
          .about("No voices are made for the model " + model + ".", "model")
          .inChinese("没有可以克隆声音的模型 " + model + "。");
    }
    fields.needed("customName", VoiceLibrary.MAX_NAME);
    if (body.file() != null && fields.has("audio")) {
      throw Fields.wrong("audio", "a file or audio, not both", "file 与 audio 只能二选一");
    }
    return new CloneOrder(
        provider,
        model,
        orEmpty(fields.line("customName", VoiceLibrary.MAX_NAME)),
        null,
        fields.has("audio") ? data(fields.raw("audio"), "audio") : file(body),
        agreement,
        List.of(),
        null,
        transcript(fields),
        null,
        null,
        true);
  }

  /** Blank is what a form sends that was not filled in. */
  private static @Nullable String transcript(Fields fields) {
    String text = fields.raw("text");
    return text != null && text.isBlank() ? null : fields.text("text", MAX_TRANSCRIPT);
  }

  private static CloneOrder clone(Body body, Fields fields) {
    String alien = DESIGN_ONLY.stream().filter(fields::has).sorted().findFirst().orElse(null);
    if (alien != null) {
      throw Fields.wrong(alien, "goes with a description, not with a sample", "仅用于声音设计");
    }
    List<String> tags = fields.tags();
    return new CloneOrder(
        provider(fields),
        orEmpty(model(fields)),
        name(fields),
        prefix(fields),
        sampleOf(body, fields),
        Boolean.TRUE.equals(fields.flag("consent")) ? Agreement.STATED : Agreement.NONE,
        tags == null ? List.of() : tags,
        language(fields),
        fields.text("transcript", MAX_TRANSCRIPT),
        fields.number("max_prompt_seconds", 3, 30),
        fields.flag("preprocess"),
        Boolean.TRUE.equals(fields.flag("again")));
  }

  private static DesignOrder design(Fields fields) {
    // Consent does no harm: a page may send it with everything.
    String alien =
        CLONE_ONLY.stream()
            .filter(field -> !field.equals("consent") && fields.has(field))
            .sorted()
            .findFirst()
            .orElse(null);
    if (alien != null) {
      throw Fields.wrong(alien, "goes with a sample, not with a description", "仅用于声音克隆");
    }
    List<String> tags = fields.tags();
    String format = fields.text("format", 10);
    if (format != null && !FORMATS.contains(format)) {
      throw Fields.wrong("format", "expected wav, pcm, mp3 or opus", "应为 wav、pcm、mp3 或 opus");
    }
    return new DesignOrder(
        provider(fields),
        orEmpty(model(fields)),
        name(fields),
        prefix(fields),
        fields.needed("description", MAX_DESCRIPTION),
        fields.needed("preview_text", MAX_PREVIEW_TEXT),
        tags == null ? List.of() : tags,
        language(fields),
        fields.whole("sample_rate", 8_000, 48_000),
        format,
        Boolean.TRUE.equals(fields.flag("take")));
  }

  private static String name(Fields fields) {
    fields.needed("name", VoiceLibrary.MAX_NAME);
    return orEmpty(fields.line("name", VoiceLibrary.MAX_NAME));
  }

  private static @Nullable String model(Fields fields) {
    return fields.matching("target_model", MODEL, 100, "the name of a model");
  }

  private static @Nullable String prefix(Fields fields) {
    return fields.matching("prefix", PREFIX, 64, "letters, digits, _ and -");
  }

  private static @Nullable String language(Fields fields) {
    return fields.matching("language", LANGUAGE, 40, "a language tag such as zh or en-US");
  }

  static Provider provider(Fields fields) {
    String name = fields.text("provider", 20);
    if (name == null) {
      return Provider.COSYVOICE;
    }
    Provider provider = provider(name);
    if (provider == null) {
      throw Fields.wrong(
          "provider", "expected cosyvoice, qwen or siliconflow", "应为 cosyvoice、qwen 或 siliconflow");
    }
    return provider;
  }

  /** Null: there is none of that name. */
  static @Nullable Provider provider(String name) {
    for (Provider provider : Provider.values()) {
      if (provider.id().equals(name)) {
        return provider;
      }
    }
    return null;
  }

  private static SampleSource sampleOf(Body body, Fields fields) {
    JsonObject given = body.isForm() ? null : fields.object("sample");
    if (given == null) {
      if (fields.has("sample")) {
        throw Fields.wrong("sample", "in a form, the sample is the part file", "表单中请用 file 上传样本");
      }
      if (!body.isForm()) {
        throw Fields.wrong("sample", "is needed", "必须填写");
      }
      return file(body);
    }
    Fields sample = new Fields(given, false);
    for (String name : given.fieldNames()) {
      if (!name.equals("url") && !name.equals("data")) {
        throw Fields.wrong("sample", "holds url or data and nothing else", "只能含 url 或 data");
      }
    }
    return source(sample, "sample.");
  }

  private static SampleSource file(Body body) {
    Body.FilePart file = body.file();
    if (file == null) {
      throw Fields.wrong("file", "is needed", "必须上传文件");
    }
    if (file.bytes().length() > MAX_SAMPLE_BYTES) {
      throw tooLarge("file");
    }
    String type = file.mediaType() == null ? "" : file.mediaType().split(";", 2)[0].strip();
    // What clients write when they don't know is no declaration.
    boolean declared =
        MEDIA_TYPE.matcher(type).matches()
            && !type.toLowerCase(Locale.ROOT).equals("application/octet-stream");
    return new SampleSource.Given(file.bytes(), declared ? type : null);
  }

  /**
   * @param within what leads to its fields, for the one that is wrong
   */
  private static SampleSource source(Fields sample, String within) {
    if (sample.has("url") == sample.has("data")) {
      throw Fields.wrong(
          within.isEmpty() ? "data" : "sample",
          "expected exactly one of url and data",
          "url 与 data 必须且只能给一个");
    }
    return sample.has("url")
        ? new SampleSource.AtUrl(url(sample, within + "url"))
        : data(sample.raw("data"), within + "data");
  }

  private static String url(Fields sample, String param) {
    String url;
    try {
      url = sample.needed("url", MAX_URL);
      String scheme = String.valueOf(new URI(url).getScheme()).toLowerCase(Locale.ROOT);
      if (Set.of("http", "https", "oss").contains(scheme)) {
        return url;
      }
    } catch (URISyntaxException | Problem.Failure malformed) {
      // The same words for all.
    }
    throw Fields.wrong(
        param,
        "expected an address http(s):// or oss:// of at most " + MAX_URL + " characters",
        "应为 http(s):// 或 oss:// 地址，最多 " + MAX_URL + " 个字符");
  }

  /**
   * @param uri base64 is taken strictly, and nothing is stripped
   */
  private static SampleSource data(@Nullable String uri, String param) {
    int comma = uri == null ? -1 : uri.indexOf(',');
    if (uri == null || comma < 0 || comma > 200) {
      throw notData(param);
    }
    String head = uri.substring(0, comma);
    if (!head.startsWith("data:") || !head.endsWith(";base64")) {
      throw notData(param);
    }
    String type = head.substring("data:".length(), head.length() - ";base64".length());
    type = type.split(";", 2)[0];
    if (!type.isEmpty() && !MEDIA_TYPE.matcher(type).matches()) {
      throw notData(param);
    }
    String base64 = uri.substring(comma + 1);
    if (base64.length() > (MAX_SAMPLE_BYTES + 2L) / 3 * 4) {
      throw tooLarge(param);
    }
    if (base64.length() % 4 != 0) {
      throw notData(param);
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      throw notData(param);
    }
    if (bytes.length > MAX_SAMPLE_BYTES) {
      throw tooLarge(param);
    }
    return new SampleSource.Given(Buffer.buffer(bytes), type.isEmpty() ? null : type);
  }

  private static Problem.Failure notData(String param) {
    return Fields.wrong(
        param,
        "expected data:<media type>;base64,<padded base64 without line breaks>",
        "应为 data:<类型>;base64,<标准 base64，无换行>");
  }

  private static Problem.Failure tooLarge(String param) {
    return Problem.TOO_LARGE
        .about(param + ": a sample has at most 10 MB", param)
        .inChinese(param + "：样本最大 10 MB");
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  @SafeVarargs
  private static Set<String> union(Set<String>... sets) {
    Set<String> all = new HashSet<>();
    for (Set<String> set : sets) {
      all.addAll(set);
    }
    return all;
  }

  private static Set<String> without(Set<String> set, String name) {
    Set<String> rest = new HashSet<>(set);
    rest.remove(name);
    return rest;
  }
}
