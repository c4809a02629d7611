package dev.voicebridge.emulator.siliconflow;

import dev.voicebridge.emulator.wire.HttpCall;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/**
 * A multipart body.
 *
 * @param fields the text parts
 * @param file the part named {@code file}; empty when there is none
 */
record FormBody(JsonObject fields, Buffer file) {
  /** Fails when it is bigger than that, or broken. */
  static Future<FormBody> read(HttpCall call, int mostBytes) {
    HttpServerRequest request = call.request();
    Promise<FormBody> read = Promise.promise();
    Buffer file = Buffer.buffer();
    boolean[] tooBig = {false};
    request.setExpectMultipart(true);
    request.uploadHandler(
        upload ->
            upload.handler(
                chunk -> {
                  if (file.length() + chunk.length() > mostBytes) {
                    tooBig[0] = true;
                  } else if (upload.name().equals("file")) {
                    file.appendBuffer(chunk);
                  }
                }));
    request.exceptionHandler(
        broken -> read.tryFail(FlowException.bad("The form is broken: " + broken.getMessage())));
    request.endHandler(
        end -> {
          JsonObject fields = new JsonObject();
          request.formAttributes().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
          if (tooBig[0]) {
            read.tryFail(new FlowException(413, FlowException.BAD_PARAMETER, "File too large"));
          } else {
            read.tryComplete(new FormBody(fields, file));
          }
        });
    return read.future();
  }
}
