package dev.voicebridge.emulator.wire;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Temporary storage: policies, the form POST that a policy allows, and what was uploaded. Files are
 * kept in memory, the oldest give way to new ones. One event loop only.
 */
public final class Uploads {
  private static final int MOST_FILE_BYTES = 20 << 20;
  private static final int MOST_BYTES = 100 << 20;
  private static final Duration LIFE = Duration.ofDays(2);
  private static final String RESULTS = "dashscope-result/";
  private static final String ACCESS_KEY = "LTAIvoicebridgeguest";

  private final Vertx vertx;
  private final Faults faults;
  private final Duration policyLife;
  private final byte[] secret = new byte[32];
  private final Map<String, Stored> files = new LinkedHashMap<>();
  private long storedBytes;

  private record Stored(String account, String model, Buffer bytes, Instant until) {}

  public Uploads(Vertx vertx, Faults faults, WireSettings settings) {
    this.vertx = vertx;
    this.faults = faults;
    this.policyLife = settings.policyLife();
    new SecureRandom().nextBytes(secret);
  }

  /** The {@code data} of an answer to getPolicy. */
  JsonObject policy(String account, String model, String uploadHost) {
    String dir =
        "dashscope-instant/"
            + signature(account).replaceAll("[^A-Za-z0-9]", "").substring(0, 16)
            + "/"
            + LocalDate.now(ZoneOffset.UTC)
            + "/"
            + UUID.randomUUID();
    String policy =
        Base64.getEncoder()
            .encodeToString(
                new JsonObject()
                    .put("expiration", Instant.now().plus(policyLife).toString())
                    .put(
                        "conditions",
                        new JsonArray()
                            .add(new JsonArray().add("starts-with").add("$key").add(dir + "/"))
                            .add(
                                new JsonArray()
                                    .add("content-length-range")
                                    .add(0)
                                    .add(MOST_FILE_BYTES))
                            .add(new JsonObject().put("account", account).put("model", model)))
                    .toBuffer()
                    .getBytes());
    return new JsonObject()
        .put("policy", policy)
        .put("signature", signature(policy))
        .put("upload_dir", dir)
        .put("upload_host", uploadHost)
        .put("expire_in_seconds", Math.max(1, policyLife.toSeconds()))
        .put("max_file_size_mb", MOST_FILE_BYTES >> 20)
        .put("capacity_limit_mb", MOST_BYTES >> 20)
        .put("oss_access_key_id", ACCESS_KEY)
        .put("x_oss_object_acl", "private")
        .put("x_oss_forbid_overwrite", "true");
  }

  /**
   * @return null when there is no such file for that account and model (any more)
   */
  @Nullable Buffer find(String account, String model, String key) {
    Stored stored = files.get(key);
    return stored != null
            && stored.account().equals(account)
            && stored.model().equals(model)
            && Instant.now().isBefore(stored.until())
        ? stored.bytes()
        : null;
  }

  /** A link through which anyone reads the file until it expires. */
  String link(String host, String key) {
    return link(host, key, Instant.now().plus(policyLife).getEpochSecond());
  }

  /** Stores what was made here; anyone who has the link reads it until then. */
  String publish(String host, String name, Buffer bytes, Instant until) {
    String key = RESULTS + UUID.randomUUID() + "/" + name;
    keep(key, new Stored("", "", bytes, until));
    return link(host, key, until.getEpochSecond());
  }

  /** The host that the caller of a request knows us by, with the storage's port. */
  static String host(HttpServerRequest request, int port) {
    String host =
        request.authority() == null ? request.localAddress().host() : request.authority().host();
    boolean bare = host.contains(":") && !host.startsWith("[");
    return "http://" + (bare ? "[" + host + "]" : host) + ":" + port;
  }

  private String link(String host, String key, long expires) {
    return host
        + "/"
        + key
        + "?Expires="
        + expires
        + "&Signature="
        + signature(key + expires).replaceAll("[^A-Za-z0-9]", "");
  }

  /** What comes to the storage's own host. */
  public void handle(HttpServerRequest request) {
    HttpCall call = new HttpCall(vertx, request, faults);
    if (HttpMethod.GET.equals(request.method())) {
      read(call);
    } else if (HttpMethod.POST.equals(request.method())) {
      store(call);
    } else {
      refuse(call, 405, "MethodNotAllowed", "The specified method is not allowed.");
    }
  }

  private void read(HttpCall call) {
    String key = call.request().path() == null ? "" : call.request().path().substring(1);
    String expires = call.request().getParam("Expires", "0");
    Stored stored = files.get(key);
    boolean signed =
        signature(key + expires)
            .replaceAll("[^A-Za-z0-9]", "")
            .equals(call.request().getParam("Signature", ""));
    Fault.OnCall fault = key.startsWith(RESULTS) ? call.strike("download") : null;
    if (fault instanceof Fault.RefuseCall refusal) {
      refuse(call, refusal.status(), refusal.code(), refusal.message());
    } else if (!signed || Long.parseLong(expires) < Instant.now().getEpochSecond()) {
      refuse(call, 403, "AccessDenied", "Request has expired.");
    } else if (stored == null) {
      refuse(call, 404, "NoSuchKey", "The specified key does not exist.");
    } else {
      call.answer(200, "application/octet-stream", stored.bytes());
    }
  }

  private void store(HttpCall call) {
    HttpServerRequest request = call.request();
    Fault.OnCall fault = call.strike("upload");
    Buffer bytes = Buffer.buffer();
    boolean[] tooBig = {false};
    int[] parts = {0};
    request.setExpectMultipart(true);
    request.uploadHandler(
        upload -> {
          parts[0]++;
          upload.handler(
              chunk -> {
                if (bytes.length() + chunk.length() > MOST_FILE_BYTES) {
                  tooBig[0] = true;
                } else {
                  bytes.appendBuffer(chunk);
                }
              });
        });
    request.exceptionHandler(
        broken -> refuse(call, 400, "MalformedPOSTRequest", "The body of the request is broken."));
    request.endHandler(
        end -> {
          if (call.isOver()) {
            return;
          }
          if (fault instanceof Fault.RefuseCall refusal) {
            refuse(call, refusal.status(), refusal.code(), refusal.message());
          } else if (fault instanceof Fault.LimitCall) {
            refuse(call, 503, "SlowDown", "Please reduce your request rate.");
          } else if (parts[0] != 1) {
            refuse(call, 400, "IncorrectNumberOfFilesInPOSTRequest", "POST requires one file.");
          } else if (tooBig[0]) {
            refuse(call, 400, "EntityTooLarge", "Your proposed upload exceeds the maximum.");
          } else {
            store(call, request.formAttributes(), bytes);
          }
        });
  }

  private void store(HttpCall call, MultiMap form, Buffer bytes) {
    String policy = text(form, "policy");
    String key = text(form, "key");
    if (!ACCESS_KEY.equals(text(form, "OSSAccessKeyId"))) {
      refuse(call, 403, "InvalidAccessKeyId", "The access key does not exist in our records.");
      return;
    }
    if (policy.isEmpty() || !signature(policy).equals(text(form, "Signature"))) {
      refuse(call, 403, "SignatureDoesNotMatch", "The request signature does not match.");
      return;
    }
    JsonObject allowed = new JsonObject(Buffer.buffer(Base64.getDecoder().decode(policy)));
    JsonArray conditions = allowed.getJsonArray("conditions");
    if (Instant.now().isAfter(Instant.parse(allowed.getString("expiration")))) {
      refuse(call, 403, "AccessDenied", "Invalid according to Policy: Policy expired.");
    } else if (!key.startsWith(conditions.getJsonArray(0).getString(2))) {
      refuse(call, 403, "AccessDenied", "Invalid according to Policy: Policy Condition failed.");
    } else if (files.containsKey(key)) {
      refuse(call, 409, "FileAlreadyExists", "The object you specified already exists.");
    } else {
      JsonObject owner = conditions.getJsonObject(2);
      keep(
          key,
          new Stored(
              owner.getString("account"),
              owner.getString("model"),
              bytes,
              Instant.now().plus(LIFE)));
      call.answer(
          "200".equals(text(form, "success_action_status")) ? 200 : 204,
          "application/xml",
          Buffer.buffer());
    }
  }

  private void keep(String key, Stored fresh) {
    files.put(key, fresh);
    storedBytes += fresh.bytes().length();
    Instant now = Instant.now();
    for (Iterator<Stored> oldest = files.values().iterator(); oldest.hasNext(); ) {
      Stored stored = oldest.next();
      if (storedBytes <= MOST_BYTES && now.isBefore(stored.until())) {
        break;
      }
      oldest.remove();
      storedBytes -= stored.bytes().length();
    }
  }

  private static String text(MultiMap form, String name) {
    String value = form.get(name);
    return value == null ? "" : value;
  }

  private void refuse(HttpCall call, int status, String code, String message) {
    call.answer(
        status,
        "application/xml",
        Buffer.buffer(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
                + code
                + "</Code><Message>"
                + message
                + "</Message><RequestId>"
                + call.id()
                + "</RequestId></Error>"));
  }

  private String signature(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
