package dev.voicebridge.enrolment;

import dev.voicebridge.enrolment.VendorHttp.Answer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/services/audio/tts/customization}: the envelope that all models share. */
final class DashScope {
  static final String PATH = "/api/v1/services/audio/tts/customization";

  private static final int PAGE_SIZE = 100;

  /** The vendor's own default: no service caps its pages below that. */
  private static final int SMALLEST_PAGE = 10;

  /** Far more than the 1,000 voices of an account, even with the smallest pages. */
  private static final int MAX_PAGES = 300;

  private final Vendor vendor;

  DashScope(Vendor vendor) {
    this.vendor = vendor;
  }

  /** What one call brought. */
  record Reply(JsonObject output, Receipt receipt, Answer answer) {}

  /** A call, ready to be sent or shown. */
  record Call(JsonObject body, boolean resolvesOss) {
    Map<String, String> headers() {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("Content-Type", "application/json");
      if (resolvesOss) {
        headers.put("X-DashScope-OssResourceResolve", "enable");
      }
      return headers;
    }

    JsonObject shown(String baseUrl) {
      JsonObject headers = new JsonObject().put("Authorization", "Bearer ***");
      headers().forEach(headers::put);
      return new JsonObject()
          .put("method", "POST")
          .put("url", baseUrl + PATH)
          .put("headers", headers)
          .put("body", body);
    }
  }

  static JsonObject input(String action) {
    return new JsonObject().put("action", action);
  }

  static Call call(String model, JsonObject input) {
    return new Call(new JsonObject().put("model", model).put("input", input), false);
  }

  /**
   * @param about what the evidence of a failure should say
   */
  Future<Reply> send(Call call, Operation operation, JsonObject about) {
    return vendor
        .post(
            PATH, call.headers(), call.body().toBuffer(), operation, operation == Operation.DESIGN)
        .compose(answer -> reply(answer, about));
  }

  private Future<Reply> reply(Answer answer, JsonObject about) {
    JsonObject body = Json.object(answer.body());
    if (body == null) {
      return Future.failedFuture(
          answer.status() / 100 == 2
              ? vendor.unreadable(answer)
              : vendor.error(answer.status(), null, plain(answer.body()), about));
    }
    String requestId = Json.text(body, "request_id");
    JsonObject evidence = about.copy();
    if (requestId != null) {
      evidence.put("request_id", Diagnosis.shown(requestId));
    }
    String code = Json.text(body, "code");
    if (answer.status() != 200 || code != null) {
      return Future.failedFuture(
          vendor.error(answer.status(), code, Json.text(body, "message"), evidence));
    }
    JsonObject output = Json.object(body, "output");
    if (output == null) {
      return Future.failedFuture(vendor.unreadable(answer));
    }
    JsonObject usage = Json.object(body, "usage");
    return Future.succeededFuture(
        new Reply(
            output,
            new Receipt(
                requestId == null ? List.of() : List.of(Diagnosis.shown(requestId)),
                usage == null ? 0 : Math.max(0, Json.number(usage, "count", 0))),
            answer));
  }

  private static String plain(Buffer body) {
    return body.getString(0, Math.min(body.length(), 2000));
  }

  /**
   * All pages of a list.
   *
   * @param page the call for a page (0-based) of a size
   * @param voice reads one item; null: it isn't one
   */
  Future<VoiceList> list(PageCall page, Function<JsonObject, @Nullable EnrolledVoice> voice) {
    return next(page, voice, 0, new ArrayList<>(), new HashSet<>(), Receipt.NONE);
  }

  interface PageCall {
    Call at(int index, int size);
  }

  private Future<VoiceList> next(
      PageCall page,
      Function<JsonObject, @Nullable EnrolledVoice> voice,
      int index,
      List<EnrolledVoice> found,
      Set<String> ids,
      Receipt soFar) {
    if (index >= MAX_PAGES) {
      return Future.failedFuture(vendor.refusal("vendor_list_endless", new JsonObject()));
    }
    return send(page.at(index, PAGE_SIZE), Operation.LIST, new JsonObject())
        .compose(
            reply -> {
              List<JsonObject> items = Json.objects(reply.output(), "voice_list");
              if (items == null) {
                return Future.failedFuture(vendor.unreadable(reply.answer()));
              }
              boolean news = false;
              for (JsonObject item : items) {
                EnrolledVoice each = voice.apply(item);
                if (each != null && ids.add(each.providerVoiceId())) {
                  found.add(each);
                  news = true;
                }
              }
              Receipt receipt = soFar.and(reply.receipt());
              int total = Json.number(reply.output(), "total_count", -1);
              // A page may be shorter than asked because the service caps it, not because it ends.
              boolean last =
                  !news || items.size() < SMALLEST_PAGE || (total >= 0 && found.size() >= total);
              return last
                  ? Future.succeededFuture(new VoiceList(List.copyOf(found), receipt))
                  : next(page, voice, index + 1, found, ids, receipt);
            });
  }

  /** The preview in a design's answer; null where there is none that can be read. */
  static @Nullable Preview preview(JsonObject output) {
    JsonObject audio = Json.object(output, "preview_audio");
    if (audio == null || !(audio.getValue("data") instanceof String data)) {
      return null;
    }
    try {
      Buffer bytes = Buffer.buffer(Base64.getMimeDecoder().decode(data));
      String format = Json.text(audio, "response_format");
      return bytes.length() == 0
          ? null
          : new Preview(
              bytes, format == null ? "wav" : format, Json.number(audio, "sample_rate", 24000));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
