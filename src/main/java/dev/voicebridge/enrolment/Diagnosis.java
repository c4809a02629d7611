package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong, why, and what to do about it. Any thread.
 *
 * @param code ours, stable, {@code snake_case}; one row of {@code errors.json}
 * @param evidence what it was judged from: {@code provider}, {@code http_status}, {@code
 *     vendor_code}, {@code vendor_message} (shortened), {@code request_id} and what the caller knew
 */
public record Diagnosis(String code, Words cause, Words advice, Retry retry, JsonObject evidence) {
  /** Whether trying again is worthwhile. */
  public enum Retry {
    NEVER,
    LATER,
    AFTER_CHANGE
  }

  private static final int SHOWN = 300;
  private static final Pattern SLOT = Pattern.compile("\\{([a-z_]+)}");
  private static final Map<String, Row> ROWS = new LinkedHashMap<>();

  static {
    for (JsonObject line : DataFile.objects(DataFile.read("errors.json"), "errors")) {
      Row row = Row.parse(line);
      if (ROWS.put(row.code(), row) != null) {
        throw new IllegalStateException("errors.json has two rows " + row.code());
      }
    }
  }

  /** One way to recognise an error; everything that it names has to fit. */
  private record When(
      List<String> providers, List<Integer> http, List<String> codes, List<String> messageHas) {
    static When parse(JsonObject line) {
      List<Integer> http = new ArrayList<>();
      if (line.containsKey("http")) {
        line.getJsonArray("http").forEach(status -> http.add((Integer) status));
      }
      return new When(
          DataFile.strings(line, "providers"),
          http,
          DataFile.strings(line, "codes").stream().map(When::lower).toList(),
          DataFile.strings(line, "message_has").stream().map(When::lower).toList());
    }

    boolean fits(Provider provider, int status, String code, String message) {
      return (providers.isEmpty() || providers.contains(provider.id()))
          && (http.isEmpty() || http.contains(status))
          && (codes.isEmpty() || codes.stream().anyMatch(wanted -> codeFits(wanted, code)))
          && (messageHas.isEmpty() || messageHas.stream().anyMatch(message::contains));
    }

    private static boolean codeFits(String wanted, String code) {
      return wanted.endsWith("*")
          ? code.startsWith(wanted.substring(0, wanted.length() - 1))
          : code.equals(wanted);
    }

    private static String lower(String text) {
      return text.toLowerCase(Locale.ROOT);
    }
  }

  private record Row(String code, List<When> when, Retry retry, Words cause, Words advice) {
    static Row parse(JsonObject line) {
      return new Row(
          line.getString("code"),
          DataFile.objects(line, "when").stream().map(When::parse).toList(),
          Retry.valueOf(line.getString("retry").toUpperCase(Locale.ROOT)),
          words(line.getJsonArray("cause").getString(0), line.getJsonArray("cause").getString(1)),
          words(
              line.getJsonArray("advice").getString(0), line.getJsonArray("advice").getString(1)));
    }

    private static Words words(String zh, String en) {
      return new Words(zh, en);
    }

    Diagnosis with(JsonObject evidence) {
      return new Diagnosis(
          code, filled(cause, evidence), filled(advice, evidence), retry, evidence);
    }

    private static Words filled(Words words, JsonObject evidence) {
      return new Words(filled(words.zh(), evidence), filled(words.en(), evidence));
    }

    private static String filled(String text, JsonObject evidence) {
      return SLOT.matcher(text)
          .replaceAll(
              slot -> {
                Object value = evidence.getValue(slot.group(1));
                return Matcher.quoteReplacement(value == null ? "?" : shown(value.toString()));
              });
    }
  }

  /**
   * Explains a vendor's error. Decides by the code; by the message where the code says too little,
   * by the status where there is no code.
   *
   * @param httpStatus 0: none, such as an error of a synthesis over WebSocket
   * @param context what the caller knows: {@code target_model}, {@code voice}, {@code request_id}…;
   *     goes into the evidence, so no key and no text to be spoken
   */
  public static Diagnosis of(
      Provider provider,
      int httpStatus,
      @Nullable String code,
      @Nullable String message,
      JsonObject context) {
    String vendorCode = code == null ? "" : shown(code);
    String vendorMessage = message == null ? "" : shown(message);
    JsonObject evidence = context.copy().put("provider", provider.id());
    if (httpStatus > 0) {
      evidence.put("http_status", httpStatus);
    }
    if (!vendorCode.isEmpty()) {
      evidence.put("vendor_code", vendorCode);
    }
    if (!vendorMessage.isEmpty()) {
      evidence.put("vendor_message", vendorMessage);
    }
    String lowerCode = vendorCode.toLowerCase(Locale.ROOT);
    String lowerMessage = vendorMessage.toLowerCase(Locale.ROOT);
    for (Row row : ROWS.values()) {
      for (When when : row.when()) {
        if (when.fits(provider, httpStatus, lowerCode, lowerMessage)) {
          return row.with(evidence);
        }
      }
    }
    return named("vendor_error", evidence);
  }

  /** One row by its code, the slots of its sentences filled from the evidence. */
  static Diagnosis named(String code, JsonObject evidence) {
    Row row = ROWS.get(code);
    if (row == null) {
      throw new IllegalArgumentException("errors.json has no row " + code);
    }
    return row.with(evidence);
  }

  static Diagnosis named(String code) {
    return named(code, new JsonObject());
  }

  /** All codes, in the order of the file. */
  public static List<String> codes() {
    return List.copyOf(ROWS.keySet());
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("code", code)
        .put("cause", cause.toJson())
        .put("advice", advice.toJson())
        .put("retry", retry.name().toLowerCase(Locale.ROOT))
        .put("evidence", evidence);
  }

  /** Foreign words, short and on one line. */
  static String shown(String foreign) {
    String start = foreign.length() <= SHOWN ? foreign : foreign.substring(0, SHOWN - 1) + "…";
    return start.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
  }
}
