package dev.voicebridge.enrolment;

import dev.voicebridge.enrolment.DashScope.Call;
import dev.voicebridge.enrolment.DashScope.Reply;
import dev.voicebridge.enrolment.EnrolledVoice.Status;
import dev.voicebridge.enrolment.Targets.Target;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code model: "voice-enrollment"}: CosyVoice and qwen-audio voices. A clone is {@link
 * Status#DEPLOYING} first; ask every few seconds. A sample that is at hand goes through the
 * vendor's temporary store.
 */
public final class CosyVoiceEnrolment implements Enrolment {
  private static final String MODEL = "voice-enrollment";
  private static final Set<Operation> OPERATIONS = Set.of(Operation.values());

  private final Vendor vendor;
  private final DashScope api;
  private final TemporaryUpload store;

  public CosyVoiceEnrolment(VendorHttp http, Account account, Pace pace) {
    vendor = new Vendor(http, Provider.COSYVOICE, account, pace);
    api = new DashScope(vendor);
    store = new TemporaryUpload(vendor);
  }

  @Override
  public Provider provider() {
    return Provider.COSYVOICE;
  }

  @Override
  public Set<Operation> operations() {
    return OPERATIONS;
  }

  @Override
  public Future<Enrolled> create(CloneRequest request) {
    EnrolmentException refused = Impossible.refusal(Provider.COSYVOICE, request, vendor.account());
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    return url(request.sample())
        .compose(
            url -> {
              Composed composed = clone(request, url);
              return api.send(composed.call(), Operation.CLONE, about(request))
                  .compose(
                      reply ->
                          made(
                              request, reply, composed, Status.DEPLOYING, route(request.sample())));
            });
  }

  /**
   * The vendor's permit for its temporary store, as it came: {@code upload_host}, {@code policy},
   * {@code signature} …
   *
   * @param model that will read the file
   */
  public Future<JsonObject> uploadPolicy(String model) {
    return store.permit(model);
  }

  @Override
  public Future<Enrolled> create(DesignRequest request) {
    EnrolmentException refused = Impossible.refusal(Provider.COSYVOICE, request, vendor.account());
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    Composed composed = design(request);
    return api.send(composed.call(), Operation.DESIGN, about(request))
        .compose(reply -> made(request, reply, composed, Status.OK, "none"));
  }

  private Future<Enrolled> made(
      EnrolmentRequest request, Reply reply, Composed composed, Status status, String route) {
    String id = Json.text(reply.output(), "voice_id");
    if (id == null) {
      return Future.failedFuture(vendor.unreadable(reply.answer()));
    }
    DesignRequest design = request instanceof DesignRequest asked ? asked : null;
    CloneRequest clone = request instanceof CloneRequest asked ? asked : null;
    String said = clone != null ? clone.language() : design != null ? design.language() : null;
    EnrolledVoice voice =
        new EnrolledVoice(
            id,
            target(request),
            status(reply.output(), status),
            null,
            null,
            said == null ? null : Targets.languageCode(said),
            request.prefix(),
            design == null ? null : design.description(),
            design == null ? null : design.previewText(),
            null);
    return Future.succeededFuture(
        new Enrolled(
            voice,
            DashScope.preview(reply.output()),
            route,
            composed.leftOut(),
            new JsonObject(),
            reply.receipt()));
  }

  private Future<String> url(Sample sample) {
    return sample instanceof Sample.AtUrl there
        ? Future.succeededFuture(there.url())
        : store.upload(MODEL, (Sample.Inline) sample);
  }

  private static String route(Sample sample) {
    return sample instanceof Sample.AtUrl ? "url" : "temporary_upload";
  }

  @Override
  public Future<FoundVoice> query(String providerVoiceId) {
    return api.send(
            DashScope.call(MODEL, DashScope.input("query_voice").put("voice_id", providerVoiceId)),
            Operation.QUERY,
            new JsonObject().put("voice", Diagnosis.shown(providerVoiceId)))
        .map(reply -> new FoundVoice(voice(providerVoiceId, reply.output()), reply.receipt()));
  }

  @Override
  public Future<VoiceList> list() {
    return api.list(
        (index, size) ->
            DashScope.call(
                MODEL,
                DashScope.input("list_voice").put("page_index", index).put("page_size", size)),
        item -> {
          String id = Json.text(item, "voice_id");
          return id == null ? null : voice(id, item);
        });
  }

  @Override
  public Future<Receipt> update(String providerVoiceId, Sample sample) {
    EnrolmentException refused = Impossible.refusal(Provider.COSYVOICE, sample, vendor.account());
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    return url(sample)
        .compose(
            url ->
                api.send(
                    calling(
                        DashScope.input("update_voice")
                            .put("voice_id", providerVoiceId)
                            .put("url", url)),
                    Operation.UPDATE,
                    new JsonObject().put("voice", Diagnosis.shown(providerVoiceId))))
        .map(Reply::receipt);
  }

  @Override
  public Future<Receipt> delete(String providerVoiceId) {
    return api.send(
            DashScope.call(MODEL, DashScope.input("delete_voice").put("voice_id", providerVoiceId)),
            Operation.DELETE,
            new JsonObject().put("voice", Diagnosis.shown(providerVoiceId)))
        .map(Reply::receipt);
  }

  @Override
  public JsonObject dryRun(EnrolmentRequest request) {
    if (request instanceof CloneRequest clone) {
      Sample sample = clone.sample();
      String url =
          sample instanceof Sample.AtUrl there
              ? there.url()
              : "oss://<upload_dir>/" + ((Sample.Inline) sample).fileName();
      JsonObject shown = Impossible.dryRun(this, clone, clone(clone, url), vendor.account());
      return shown.put("sample", sample.describe().put("route", route(sample)));
    }
    DesignRequest design = (DesignRequest) request;
    return Impossible.dryRun(this, design, design(design), vendor.account());
  }

  private static Composed clone(CloneRequest request, String url) {
    List<String> leftOut = new ArrayList<>();
    String model = target(request);
    Target target = Targets.of(model);
    JsonObject input =
        DashScope.input("create_voice")
            .put("target_model", model)
            .put("prefix", request.prefix())
            .put("url", url);
    languageHints(input, target, request.language(), leftOut);
    wish(input, target, "max_prompt_audio_length", request.maxPromptSeconds(), leftOut);
    wish(input, target, "enable_preprocess", request.preprocess(), leftOut);
    if (request.transcript() != null) {
      leftOut.add("text");
    }
    return new Composed(calling(input), leftOut);
  }

  private static Composed design(DesignRequest request) {
    List<String> leftOut = new ArrayList<>();
    String model = target(request);
    JsonObject input =
        DashScope.input("create_voice")
            .put("target_model", model)
            .put("prefix", request.prefix())
            .put("voice_prompt", request.description())
            .put("preview_text", request.previewText());
    languageHints(input, Targets.of(model), request.language(), leftOut);
    Call call = calling(input);
    Integer rate = request.sampleRateHz();
    String format = request.format();
    call.body()
        .put(
            "parameters",
            new JsonObject()
                .put("sample_rate", rate == null ? 24000 : rate)
                .put("response_format", format == null ? "wav" : format));
    return new Composed(call, leftOut);
  }

  private static void languageHints(
      JsonObject input, @Nullable Target target, @Nullable String tag, List<String> leftOut) {
    wish(
        input,
        target,
        "language_hints",
        tag == null ? null : new JsonArray().add(Targets.languageCode(tag)),
        leftOut);
  }

  private static void wish(
      JsonObject input,
      @Nullable Target target,
      String field,
      @Nullable Object value,
      List<String> leftOut) {
    if (value == null) {
      return;
    }
    boolean taken =
        target == null
            || (field.equals("language_hints") ? target.takesLanguage() : target.takes(field));
    if (taken) {
      input.put(field, value);
    } else {
      leftOut.add(field);
    }
  }

  private static Call calling(JsonObject input) {
    String url = input.getString("url", "");
    return new Call(
        new JsonObject().put("model", MODEL).put("input", input), url.startsWith("oss://"));
  }

  private static String target(EnrolmentRequest request) {
    return Impossible.target(Provider.COSYVOICE, request);
  }

  private static JsonObject about(EnrolmentRequest request) {
    return new JsonObject().put("target_model", target(request)).put("prefix", request.prefix());
  }

  private static EnrolledVoice voice(String id, JsonObject item) {
    String model = Json.text(item, "target_model");
    String target = model == null ? Targets.beginningOf(id) : model;
    return new EnrolledVoice(
        id,
        target,
        status(item, Status.DEPLOYING),
        Json.instant(item, "gmt_create"),
        Json.instant(item, "gmt_modified"),
        Json.text(item, "language"),
        nameIn(id, target),
        Json.text(item, "voice_prompt"),
        Json.text(item, "preview_text"),
        null);
  }

  /**
   * {@code cosyvoice-v3-flash-anna-5f0c…} → {@code anna}; a designed one has {@code vd-} before.
   */
  private static @Nullable String nameIn(String id, @Nullable String target) {
    if (target == null || !id.startsWith(target + "-")) {
      return null;
    }
    String rest = id.substring(target.length() + 1);
    String named = rest.matches("vd-[^-]+-.+") ? rest.substring(3) : rest;
    int end = named.indexOf('-');
    return end <= 0 ? null : named.substring(0, end);
  }

  /** A word that isn't known says neither ready nor lost, so one keeps asking. */
  private static Status status(JsonObject item, Status unsaid) {
    String word = Json.text(item, "status");
    if (word == null) {
      return unsaid;
    }
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "OK" -> Status.OK;
      case "UNDEPLOYED" -> Status.UNDEPLOYED;
      default -> Status.DEPLOYING;
    };
  }
}
