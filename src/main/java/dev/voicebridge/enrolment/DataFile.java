package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The package's data files. */
final class DataFile {
  private DataFile() {}

  static JsonObject read(String name) {
    try (InputStream file = DataFile.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new JsonObject(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  static List<String> strings(JsonObject of, String field) {
    return of.getJsonArray(field, new JsonArray()).stream().map(String.class::cast).toList();
  }

  static List<JsonObject> objects(JsonObject of, String field) {
    return of.getJsonArray(field, new JsonArray()).stream().map(JsonObject.class::cast).toList();
  }
}
