package dev.voicebridge.enrolment;

import dev.voicebridge.enrolment.VendorHttp.Answer;
import dev.voicebridge.enrolment.VendorHttp.NoAnswer;
import dev.voicebridge.enrolment.VendorHttp.Request;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One account at one vendor: adds the key, keeps the pace, and turns what fails into diagnoses. */
final class Vendor {
  private final VendorHttp http;
  private final Provider provider;
  private final Account account;
  private final Pace pace;

  Vendor(VendorHttp http, Provider provider, Account account, Pace pace) {
    this.http = http;
    this.provider = provider;
    this.account = account;
    this.pace = pace;
  }

  Provider provider() {
    return provider;
  }

  Account account() {
    return account;
  }

  Patience patience() {
    return http.patience();
  }

  VendorHttp http() {
    return http;
  }

  Future<Answer> get(String path, Operation operation) {
    return call(
        HttpMethod.GET, path, Map.of(), Buffer.buffer(), operation, patience().answer(), false);
  }

  Future<Answer> post(
      String path, Map<String, String> headers, Buffer body, Operation operation, boolean preview) {
    boolean creates = operation == Operation.CLONE || operation == Operation.DESIGN;
    return call(
        HttpMethod.POST,
        path,
        headers,
        body,
        operation,
        creates ? patience().create() : patience().answer(),
        preview);
  }

  private Future<Answer> call(
      HttpMethod method,
      String path,
      Map<String, String> headers,
      Buffer body,
      Operation operation,
      Duration within,
      boolean preview) {
    Map<String, String> all = new LinkedHashMap<>();
    if (!account.key().isEmpty()) {
      all.put("Authorization", "Bearer " + account.key());
    }
    all.putAll(headers);
    all.put("Accept", "application/json");
    Request request = new Request(method, account.baseUrl() + path, all, body);
    int maxBytes = preview ? patience().maxPreviewBytes() : patience().maxAnswerBytes();
    return turn(operation)
        .compose(
            good ->
                send(request, new VendorHttp.Turn(good, () -> turn(operation)), within, maxBytes));
  }

  /** A call that the vendor doesn't count; fails with an {@link EnrolmentException}. */
  Future<Answer> send(Request request, Duration within, int maxBytes) {
    return send(request, VendorHttp.Turn.ANY, within, maxBytes);
  }

  private Future<Answer> send(
      Request request, VendorHttp.Turn turn, Duration within, int maxBytes) {
    return http.send(request, turn, within, maxBytes)
        .recover(
            failure ->
                failure instanceof NoAnswer lost
                    ? Future.failedFuture(
                        new EnrolmentException(
                            Diagnosis.named(lost.code, about(new JsonObject())), lost.sent))
                    : Future.failedFuture(failure));
  }

  private Future<Duration> turn(Operation operation) {
    Future<Duration> turn = pace.turn(provider, operation);
    if (turn.succeeded()) {
      return turn;
    }
    Promise<Duration> came = Promise.promise();
    turn.timeout(patience().turn().toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            done -> {
              if (done.succeeded()) {
                came.complete(done.result());
              } else {
                came.fail(
                    done.cause() instanceof EnrolmentException
                        ? done.cause()
                        : refusal("call_not_sent", new JsonObject()));
              }
            });
    return came.future();
  }

  /** Something that is refused here; nothing was sent. */
  EnrolmentException refusal(String code, JsonObject evidence) {
    return new EnrolmentException(Diagnosis.named(code, about(evidence)), false);
  }

  <T> Future<T> unsupported(Operation operation) {
    return Future.failedFuture(
        refusal(
            "operation_unsupported",
            new JsonObject().put("operation", operation.name().toLowerCase(Locale.ROOT))));
  }

  /** What the vendor complained of, with the key blotted out wherever it is repeated. */
  EnrolmentException error(
      int status, @Nullable String code, @Nullable String message, JsonObject evidence) {
    boolean gatewayGaveUp = status == 502 || status == 504 || (status == 500 && blank(code));
    return new EnrolmentException(
        Diagnosis.of(
            provider,
            status,
            code == null ? null : account.redacted(code),
            message == null ? null : account.redacted(message),
            evidence),
        gatewayGaveUp);
  }

  /** The vendor said yes, and the rest can't be understood. */
  EnrolmentException unreadable(Answer answer) {
    return new EnrolmentException(
        Diagnosis.named(
            "vendor_answer_unreadable",
            about(
                new JsonObject()
                    .put("http_status", answer.status())
                    .put("content_type", account.redacted(Diagnosis.shown(answer.contentType()))))),
        true);
  }

  private JsonObject about(JsonObject evidence) {
    return evidence.put("provider", provider.id());
  }

  private static boolean blank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
