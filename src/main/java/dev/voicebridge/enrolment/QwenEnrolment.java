package dev.voicebridge.enrolment;

import dev.voicebridge.enrolment.DashScope.Call;
import dev.voicebridge.enrolment.DashScope.Reply;
import dev.voicebridge.enrolment.EnrolledVoice.Status;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code model: "qwen-voice-enrollment"} and {@code "qwen-voice-design"}. The sample travels in the
 * request; a voice is usable at once. The vendor has no query for clones: they are looked up in the
 * list. It has no update.
 */
public final class QwenEnrolment implements Enrolment {
  private static final String CLONES = "qwen-voice-enrollment";
  private static final String DESIGNS = "qwen-voice-design";
  private static final Pattern NAME = Pattern.compile("qwen-.*?-v[cd]-(.{1,32})-voice-\\d.*");
  private static final Set<Operation> OPERATIONS =
      Set.of(Operation.CLONE, Operation.DESIGN, Operation.QUERY, Operation.LIST, Operation.DELETE);

  private final Vendor vendor;
  private final DashScope api;

  public QwenEnrolment(VendorHttp http, Account account, Pace pace) {
    vendor = new Vendor(http, Provider.QWEN, account, pace);
    api = new DashScope(vendor);
  }

  @Override
  public Provider provider() {
    return Provider.QWEN;
  }

  @Override
  public Set<Operation> operations() {
    return OPERATIONS;
  }

  @Override
  public Future<Enrolled> create(CloneRequest request) {
    EnrolmentException refused = Impossible.refusal(Provider.QWEN, request, vendor.account());
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    Composed composed = clone(request, audio(request.sample()));
    return api.send(composed.call(), Operation.CLONE, about(request))
        .compose(reply -> made(request, request.language(), reply, composed));
  }

  @Override
  public Future<Enrolled> create(DesignRequest request) {
    EnrolmentException refused = Impossible.refusal(Provider.QWEN, request, vendor.account());
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    Composed composed = design(request);
    return api.send(composed.call(), Operation.DESIGN, about(request))
        .compose(reply -> made(request, request.language(), reply, composed));
  }

  private Future<Enrolled> made(
      EnrolmentRequest request, @Nullable String language, Reply reply, Composed composed) {
    JsonObject output = reply.output();
    String id = Json.text(output, "voice");
    if (id == null) {
      return Future.failedFuture(vendor.unreadable(reply.answer()));
    }
    JsonObject remarks = new JsonObject();
    if (output.getValue("fallback_mode") instanceof Boolean fallback && fallback) {
      remarks.put("fallback_mode", true);
      String reason = Json.text(output, "fallback_reason");
      if (reason != null) {
        remarks.put("fallback_reason", Diagnosis.shown(reason));
      }
    }
    DesignRequest design = request instanceof DesignRequest asked ? asked : null;
    CloneRequest clone = request instanceof CloneRequest asked ? asked : null;
    String confirmed = Json.text(output, "target_model");
    EnrolledVoice voice =
        new EnrolledVoice(
            id,
            confirmed == null ? Impossible.target(Provider.QWEN, request) : confirmed,
            Status.OK,
            null,
            null,
            language == null ? null : Targets.languageCode(language),
            request.prefix(),
            design == null ? null : design.description(),
            design == null ? null : design.previewText(),
            clone == null ? null : clone.transcript());
    String route =
        clone == null ? "none" : clone.sample() instanceof Sample.AtUrl ? "url" : "inline";
    return Future.succeededFuture(
        new Enrolled(
            voice, DashScope.preview(output), route, composed.leftOut(), remarks, reply.receipt()));
  }

  @Override
  public Future<FoundVoice> query(String providerVoiceId) {
    JsonObject about = new JsonObject().put("voice", Diagnosis.shown(providerVoiceId));
    if (designed(providerVoiceId)) {
      return api.send(
              DashScope.call(DESIGNS, DashScope.input("query").put("voice", providerVoiceId)),
              Operation.QUERY,
              about)
          .map(reply -> new FoundVoice(voice(providerVoiceId, reply.output()), reply.receipt()));
    }
    return list(CLONES)
        .compose(
            all ->
                all.voices().stream()
                    .filter(voice -> voice.providerVoiceId().equals(providerVoiceId))
                    .findFirst()
                    .map(voice -> Future.succeededFuture(new FoundVoice(voice, all.receipt())))
                    .orElseGet(
                        () -> Future.failedFuture(vendor.refusal("voice_not_found", about))));
  }

  /** Clones first, then designs: the vendor keeps two lists. */
  @Override
  public Future<VoiceList> list() {
    return list(CLONES)
        .compose(
            clones ->
                list(DESIGNS)
                    .map(
                        designs ->
                            new VoiceList(
                                joined(clones.voices(), designs.voices()),
                                clones.receipt().and(designs.receipt()))));
  }

  private static List<EnrolledVoice> joined(
      List<EnrolledVoice> clones, List<EnrolledVoice> designs) {
    Set<String> ids = new HashSet<>();
    return Stream.concat(clones.stream(), designs.stream())
        .filter(voice -> ids.add(voice.providerVoiceId()))
        .toList();
  }

  private Future<VoiceList> list(String model) {
    return api.list(
        (index, size) ->
            DashScope.call(
                model, DashScope.input("list").put("page_index", index).put("page_size", size)),
        item -> {
          String id = Json.text(item, "voice");
          return id == null ? null : voice(id, item);
        });
  }

  @Override
  public Future<Receipt> update(String providerVoiceId, Sample sample) {
    return vendor.unsupported(Operation.UPDATE);
  }

  @Override
  public Future<Receipt> delete(String providerVoiceId) {
    return api.send(
            DashScope.call(
                designed(providerVoiceId) ? DESIGNS : CLONES,
                DashScope.input("delete").put("voice", providerVoiceId)),
            Operation.DELETE,
            new JsonObject().put("voice", Diagnosis.shown(providerVoiceId)))
        .map(Reply::receipt);
  }

  @Override
  public JsonObject dryRun(EnrolmentRequest request) {
    if (request instanceof CloneRequest clone) {
      Sample sample = clone.sample();
      String audio =
          sample instanceof Sample.Inline inline
              ? "data:%s;base64,<%d bytes, sha256 %s>"
                  .formatted(inline.mimeType(), inline.size(), inline.sha256())
              : audio(sample);
      JsonObject shown = Impossible.dryRun(this, clone, clone(clone, audio), vendor.account());
      String route = sample instanceof Sample.AtUrl ? "url" : "inline";
      return shown.put("sample", sample.describe().put("route", route));
    }
    DesignRequest design = (DesignRequest) request;
    return Impossible.dryRun(this, design, design(design), vendor.account());
  }

  private static Composed clone(CloneRequest request, String audio) {
    JsonObject input =
        DashScope.input("create")
            .put("target_model", Impossible.target(Provider.QWEN, request))
            .put("preferred_name", request.prefix())
            .put("audio", new JsonObject().put("data", audio));
    if (request.transcript() != null) {
      input.put("text", request.transcript());
    }
    if (request.language() != null) {
      input.put("language", Targets.languageCode(request.language()));
    }
    List<String> leftOut = new ArrayList<>();
    if (request.maxPromptSeconds() != null) {
      leftOut.add("max_prompt_audio_length");
    }
    if (request.preprocess() != null) {
      leftOut.add("enable_preprocess");
    }
    boolean oss = request.sample() instanceof Sample.AtUrl there && there.url().startsWith("oss:");
    return new Composed(
        new Call(new JsonObject().put("model", CLONES).put("input", input), oss), leftOut);
  }

  private static Composed design(DesignRequest request) {
    JsonObject input =
        DashScope.input("create")
            .put("target_model", Impossible.target(Provider.QWEN, request))
            .put("preferred_name", request.prefix())
            .put("voice_prompt", request.description())
            .put("preview_text", request.previewText());
    if (request.language() != null) {
      input.put("language", Targets.languageCode(request.language()));
    }
    Integer rate = request.sampleRateHz();
    String format = request.format();
    JsonObject body =
        new JsonObject()
            .put("model", DESIGNS)
            .put("input", input)
            .put(
                "parameters",
                new JsonObject()
                    .put("sample_rate", rate == null ? 24000 : rate)
                    .put("response_format", format == null ? "wav" : format));
    return new Composed(new Call(body, false), List.of());
  }

  private static String audio(Sample sample) {
    return sample instanceof Sample.Inline inline
        ? "data:"
            + inline.mimeType()
            + ";base64,"
            + Base64.getEncoder().encodeToString(inline.bytes().getBytes())
        : ((Sample.AtUrl) sample).url();
  }

  private static boolean designed(String voice) {
    return voice.startsWith("qwen-tts-vd-");
  }

  private static JsonObject about(EnrolmentRequest request) {
    return new JsonObject()
        .put("target_model", Impossible.target(Provider.QWEN, request))
        .put("prefix", request.prefix());
  }

  private static EnrolledVoice voice(String id, JsonObject item) {
    Matcher named = NAME.matcher(id);
    return new EnrolledVoice(
        id,
        Json.text(item, "target_model"),
        Status.OK,
        Json.instant(item, "gmt_create"),
        Json.instant(item, "gmt_modified"),
        Json.text(item, "language"),
        id.length() < 300 && named.matches() ? named.group(1) : null,
        Json.text(item, "voice_prompt"),
        Json.text(item, "preview_text"),
        null);
  }
}
