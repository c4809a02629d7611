package dev.voicebridge.enrolment;

import dev.voicebridge.enrolment.VendorHttp.Answer;
import dev.voicebridge.enrolment.VendorHttp.Request;
import dev.voicebridge.net.Multipart;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The vendor's own temporary store: a permit, a form POST, and a URL {@code oss://…} that only the
 * same account may use, for the same model, for 48 hours, with the resolve header. The permit's
 * host gets the permit and the bytes, never the key.
 */
final class TemporaryUpload {
  private static final Pattern XML_CODE = Pattern.compile("<Code>([A-Za-z0-9.]{1,80})</Code>");
  private static final Pattern XML_MESSAGE = Pattern.compile("<Message>([^<]{1,300})</Message>");

  private final Vendor vendor;

  TemporaryUpload(Vendor vendor) {
    this.vendor = vendor;
  }

  /**
   * @param model the one that will read the file ({@code voice-enrollment})
   * @return the {@code oss://} URL
   */
  Future<String> upload(String model, Sample.Inline sample) {
    return permit(model)
        .compose(data -> send(data, sample))
        .recover(TemporaryUpload::beforeAnyVoice);
  }

  /** The permit, as the vendor gives it. */
  Future<JsonObject> permit(String model) {
    String name = URLEncoder.encode(model, StandardCharsets.UTF_8);
    return vendor
        .get("/api/v1/uploads?action=getPolicy&model=" + name, Operation.CLONE)
        .compose(this::data);
  }

  /** Whatever went wrong here, no voice was asked for yet. */
  private static Future<String> beforeAnyVoice(Throwable failure) {
    return Future.failedFuture(
        failure instanceof EnrolmentException known && known.mayHaveHappened()
            ? new EnrolmentException(known.diagnosis(), false)
            : failure);
  }

  private Future<JsonObject> data(Answer answer) {
    JsonObject body = Json.object(answer.body());
    if (body == null || answer.status() != 200) {
      return Future.failedFuture(
          answer.status() / 100 == 2
              ? vendor.unreadable(answer)
              : vendor.error(
                  answer.status(),
                  body == null ? null : Json.text(body, "code"),
                  body == null ? null : Json.text(body, "message"),
                  new JsonObject().put("step", "upload_policy")));
    }
    JsonObject data = Json.object(body, "data");
    return data == null
        ? Future.failedFuture(vendor.unreadable(answer))
        : Future.succeededFuture(data);
  }

  private Future<String> send(JsonObject data, Sample.Inline sample) {
    String host = data.getValue("upload_host") instanceof String text ? text : "";
    String folder = data.getValue("upload_dir") instanceof String text ? text : "";
    if (!trusted(host) || folder.isEmpty()) {
      return Future.failedFuture(
          vendor.refusal(
              "upload_host_refused", new JsonObject().put("upload_host", Diagnosis.shown(host))));
    }
    int maxMb = Json.number(data, "max_file_size_mb", Integer.MAX_VALUE);
    if (sample.size() / (1024.0 * 1024.0) > maxMb) {
      return Future.failedFuture(
          vendor.refusal("upload_too_large", new JsonObject().put("max_mb", maxMb)));
    }
    String key = folder.replaceFirst("/+$", "") + "/" + sample.fileName();
    Multipart form =
        new Multipart()
            .text("OSSAccessKeyId", field(data, "oss_access_key_id"))
            .text("Signature", field(data, "signature"))
            .text("policy", field(data, "policy"))
            .text("key", key)
            .text("x-oss-object-acl", field(data, "x_oss_object_acl"))
            .text("x-oss-forbid-overwrite", field(data, "x_oss_forbid_overwrite"))
            .text("success_action_status", "200")
            .text("x-oss-content-type", sample.mimeType())
            .file("file", sample.fileName(), sample.mimeType(), sample.bytes());
    Request request =
        new Request(HttpMethod.POST, host, Map.of("Content-Type", form.contentType()), form.end());
    return vendor
        .send(request, vendor.patience().upload(), vendor.patience().maxAnswerBytes())
        .compose(stored -> stored(stored, key));
  }

  private Future<String> stored(Answer answer, String key) {
    if (answer.status() / 100 == 2) {
      return Future.succeededFuture("oss://" + key);
    }
    String xml = answer.body().getString(0, Math.min(answer.body().length(), 2000));
    return Future.failedFuture(
        vendor.error(
            answer.status(),
            first(XML_CODE, xml),
            first(XML_MESSAGE, xml),
            new JsonObject().put("step", "upload")));
  }

  private static String first(Pattern pattern, String xml) {
    Matcher found = pattern.matcher(xml);
    return found.find() ? found.group(1) : "";
  }

  private static String field(JsonObject data, String name) {
    String value = Json.text(data, name);
    return value == null ? "" : value;
  }

  /** A service behind TLS doesn't send its samples away in the open. */
  private boolean trusted(String uploadHost) {
    try {
      URI uri = URI.create(uploadHost);
      boolean secure = "https".equals(uri.getScheme());
      boolean plainToo = vendor.account().baseUrl().startsWith("http:");
      return uri.getHost() != null
          && uri.getUserInfo() == null
          && (secure || (plainToo && "http".equals(uri.getScheme())));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
