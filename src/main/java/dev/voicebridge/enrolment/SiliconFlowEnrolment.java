package dev.voicebridge.enrolment;

import dev.voicebridge.enrolment.EnrolledVoice.Status;
import dev.voicebridge.enrolment.VendorHttp.Answer;
import dev.voicebridge.net.Multipart;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SiliconFlow: a clone is one upload with its transcript and usable at once. There is no design, no
 * query and no update; {@link #query} looks into the list. Errors come in many shapes and never in
 * OpenAI's.
 */
public final class SiliconFlowEnrolment implements Enrolment {
  private static final String SENSE_VOICE = "FunAudioLLM/SenseVoiceSmall";
  private static final Set<Operation> OPERATIONS =
      Set.of(Operation.CLONE, Operation.QUERY, Operation.LIST, Operation.DELETE);

  private final Vendor vendor;

  public SiliconFlowEnrolment(VendorHttp http, Account account, Pace pace) {
    vendor = new Vendor(http, Provider.SILICONFLOW, account, pace);
  }

  @Override
  public Provider provider() {
    return Provider.SILICONFLOW;
  }

  @Override
  public Set<Operation> operations() {
    return OPERATIONS;
  }

  @Override
  public Future<Enrolled> create(CloneRequest request) {
    EnrolmentException refused =
        Impossible.refusal(Provider.SILICONFLOW, request, vendor.account());
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    Sample.Inline sample = (Sample.Inline) request.sample();
    Multipart form = new Multipart();
    fields(request).forEach(form::text);
    form.file("file", sample.fileName(), sample.mimeType(), sample.bytes());
    return post("/uploads/audio/voice", form, Operation.CLONE)
        .compose(
            answer -> {
              JsonObject body = Json.object(answer.body());
              String uri = body == null ? null : Json.text(body, "uri");
              if (uri == null) {
                return Future.failedFuture(vendor.unreadable(answer));
              }
              return Future.succeededFuture(
                  new Enrolled(
                      new EnrolledVoice(
                          uri,
                          target(request),
                          Status.OK,
                          null,
                          null,
                          request.language() == null
                              ? null
                              : Targets.languageCode(request.language()),
                          request.prefix(),
                          null,
                          null,
                          request.transcript()),
                      null,
                      "inline",
                      leftOut(request),
                      new JsonObject(),
                      receipt(answer)));
            });
  }

  @Override
  public Future<Enrolled> create(DesignRequest request) {
    return vendor.unsupported(Operation.DESIGN);
  }

  @Override
  public Future<FoundVoice> query(String providerVoiceId) {
    return list()
        .compose(
            all ->
                all.voices().stream()
                    .filter(voice -> voice.providerVoiceId().equals(providerVoiceId))
                    .findFirst()
                    .map(voice -> Future.succeededFuture(new FoundVoice(voice, all.receipt())))
                    .orElseGet(
                        () ->
                            Future.failedFuture(
                                vendor.refusal(
                                    "voice_not_found",
                                    new JsonObject()
                                        .put("voice", Diagnosis.shown(providerVoiceId))))));
  }

  @Override
  public Future<VoiceList> list() {
    return vendor
        .get("/audio/voice/list", Operation.LIST)
        .compose(this::accepted)
        .compose(
            answer -> {
              JsonObject body = Json.object(answer.body());
              // The documents say results, the live service says result.
              List<JsonObject> items = body == null ? null : Json.objects(body, "result");
              if (items == null && body != null) {
                items = Json.objects(body, "results");
              }
              if (items == null) {
                return Future.failedFuture(vendor.unreadable(answer));
              }
              List<EnrolledVoice> voices = new ArrayList<>();
              Set<String> ids = new HashSet<>();
              for (JsonObject item : items) {
                String uri = Json.text(item, "uri");
                if (uri != null && ids.add(uri)) {
                  voices.add(voice(uri, item));
                }
              }
              return Future.succeededFuture(new VoiceList(List.copyOf(voices), receipt(answer)));
            });
  }

  private static EnrolledVoice voice(String uri, JsonObject item) {
    return new EnrolledVoice(
        uri,
        Json.text(item, "model"),
        Status.OK,
        null,
        null,
        null,
        Json.text(item, "customName"),
        null,
        null,
        Json.text(item, "text"));
  }

  @Override
  public Future<Receipt> update(String providerVoiceId, Sample sample) {
    return vendor.unsupported(Operation.UPDATE);
  }

  /** The body of a success is a bare string or anything else: the status alone counts. */
  @Override
  public Future<Receipt> delete(String providerVoiceId) {
    return vendor
        .post(
            "/audio/voice/deletions",
            Map.of("Content-Type", "application/json"),
            new JsonObject().put("uri", providerVoiceId).toBuffer(),
            Operation.DELETE,
            false)
        .compose(this::accepted)
        .map(SiliconFlowEnrolment::receipt);
  }

  /**
   * What a sample says, as the vendor's recogniser (SenseVoice) hears it; for a person to correct.
   *
   * @return perhaps empty, at most some thousand characters
   */
  public Future<String> transcribe(Sample.Inline sample) {
    List<Diagnosis> against = Impossible.check(Provider.SILICONFLOW, sample);
    if (!against.isEmpty()) {
      return Future.failedFuture(new EnrolmentException(against.get(0), false));
    }
    Multipart form =
        new Multipart()
            .text("model", SENSE_VOICE)
            .file("file", sample.fileName(), sample.mimeType(), sample.bytes());
    return post("/audio/transcriptions", form, Operation.CLONE)
        .compose(
            answer -> {
              JsonObject body = Json.object(answer.body());
              return body != null && body.getValue("text") instanceof String text
                  ? Future.succeededFuture(spoken(text))
                  : Future.failedFuture(vendor.unreadable(answer));
            });
  }

  /** SenseVoice marks language, mood and events: {@code <|zh|><|HAPPY|>} and pictures. */
  private static String spoken(String heard) {
    String start = heard.length() <= 5000 ? heard : heard.substring(0, 5000);
    return start
        .replaceAll("<\\|[^|>]{0,40}\\|>", "")
        .replaceAll("[\\p{So}\\p{Cs}\\p{Cntrl}]", "")
        .strip();
  }

  @Override
  public JsonObject dryRun(EnrolmentRequest request) {
    List<Diagnosis> problems = Impossible.problems(Provider.SILICONFLOW, request, vendor.account());
    JsonObject shown =
        new JsonObject()
            .put("method", "POST")
            .put("url", vendor.account().baseUrl() + "/uploads/audio/voice")
            .put(
                "headers",
                new JsonObject()
                    .put("Authorization", "Bearer ***")
                    .put("Content-Type", "multipart/form-data"));
    if (!(request instanceof CloneRequest clone)) {
      return Impossible.shown(shown.put("body", new JsonObject()), List.of(), problems);
    }
    JsonObject body = new JsonObject();
    fields(clone).forEach(body::put);
    if (clone.sample() instanceof Sample.Inline inline) {
      body.put(
          "file",
          "<%s, %d bytes, sha256 %s>".formatted(inline.mimeType(), inline.size(), inline.sha256()));
    }
    return Impossible.shown(shown.put("body", body), leftOut(clone), problems)
        .put("sample", clone.sample().describe().put("route", "inline"));
  }

  private static Map<String, String> fields(CloneRequest request) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("model", target(request));
    fields.put("customName", request.prefix());
    String transcript = request.transcript();
    fields.put("text", transcript == null ? "" : transcript);
    return fields;
  }

  private static List<String> leftOut(CloneRequest request) {
    List<String> leftOut = new ArrayList<>();
    if (request.language() != null) {
      leftOut.add("language");
    }
    if (request.maxPromptSeconds() != null) {
      leftOut.add("max_prompt_audio_length");
    }
    if (request.preprocess() != null) {
      leftOut.add("enable_preprocess");
    }
    return leftOut;
  }

  private static String target(CloneRequest request) {
    return Impossible.target(Provider.SILICONFLOW, request);
  }

  private Future<Answer> post(String path, Multipart form, Operation operation) {
    String type = form.contentType();
    return vendor
        .post(path, Map.of("Content-Type", type), form.end(), operation, false)
        .compose(this::accepted);
  }

  private Future<Answer> accepted(Answer answer) {
    if (answer.status() / 100 == 2) {
      return Future.succeededFuture(answer);
    }
    String code = null;
    String message;
    Object body = Json.value(answer.body());
    if (body instanceof JsonObject object) {
      code = Json.text(object, "code");
      message = Json.text(object, "message");
    } else if (body instanceof String bare) {
      message = bare;
    } else {
      message = plain(answer.body());
    }
    JsonObject about = new JsonObject();
    if (!answer.traceId().isEmpty()) {
      about.put("request_id", Diagnosis.shown(answer.traceId()));
    }
    return Future.failedFuture(vendor.error(answer.status(), code, message, about));
  }

  private static String plain(Buffer body) {
    return body.getString(0, Math.min(body.length(), 2000));
  }

  private static Receipt receipt(Answer answer) {
    @Nullable String trace = answer.traceId().isEmpty() ? null : Diagnosis.shown(answer.traceId());
    return new Receipt(trace == null ? List.of() : List.of(trace), 0);
  }
}
