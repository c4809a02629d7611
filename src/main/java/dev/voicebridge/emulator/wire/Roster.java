package dev.voicebridge.emulator.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The guest's own models and voices, from {@code models.json} beside this class. */
final class Roster {
  private static final String FILE = "models.json";

  /** A voice of the caller's own, by model and id. */
  private final BiPredicate<String, String> own;

  private final List<Entry> realtime;
  private final List<Entry> inference;
  private final List<Entry> generation;
  private final Pattern sambert;
  private final Pattern gone;

  /**
   * @param legacy pcm at 24 kHz only, usage in tokens
   * @param voices system voices by name
   * @param further system voices by pattern; null: none
   * @param own the caller's voices of the model
   */
  record Entry(
      Pattern model,
      boolean legacy,
      Set<String> voices,
      @Nullable Pattern further,
      Predicate<String> own) {
    boolean speaks(String voice) {
      return voices.contains(voice)
          || (further != null && further.matcher(voice).matches())
          || own.test(voice);
    }

    private Entry with(Predicate<String> voicesOfCaller) {
      return new Entry(model, legacy, voices, further, voicesOfCaller);
    }

    private static Entry parse(JsonObject entry) {
      String further = entry.getString("further");
      return new Entry(
          Pattern.compile(entry.getString("model")),
          entry.getBoolean("legacy", false),
          entry.getJsonArray("voices", new JsonArray()).stream()
              .map(String.class::cast)
              .collect(Collectors.toUnmodifiableSet()),
          further == null ? null : Pattern.compile(further),
          voice -> false);
    }
  }

  private Roster(JsonObject file) {
    own = (model, voice) -> false;
    realtime = entries(file.getJsonArray("realtime"));
    inference = entries(file.getJsonArray("inference"));
    generation = entries(file.getJsonArray("generation"));
    sambert = Pattern.compile(file.getJsonObject("sambert").getString("model"));
    gone = Pattern.compile(file.getJsonObject("sambert").getString("gone"));
  }

  private Roster(Roster all, BiPredicate<String, String> own) {
    this.own = own;
    realtime = all.realtime;
    inference = all.inference;
    generation = all.generation;
    sambert = all.sambert;
    gone = all.gone;
  }

  /** The same models as somebody sees them who has voices of their own. */
  Roster with(BiPredicate<String, String> voicesOfCaller) {
    return new Roster(this, voicesOfCaller);
  }

  static Roster load() {
    try (InputStream in = Roster.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing");
      }
      return new Roster(new JsonObject(Buffer.buffer(in.readAllBytes())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return null when the realtime socket has no such model
   */
  @Nullable Entry realtime(String model) {
    return find(realtime, model);
  }

  /**
   * @return null when the inference socket has no such model with voices; see {@link #isSambert}
   */
  @Nullable Entry inference(String model) {
    return find(inference, model);
  }

  /**
   * @return null when multimodal-generation has no such model
   */
  @Nullable Entry generation(String model) {
    return find(generation, model);
  }

  /** Models that are their own voice. */
  boolean isSambert(String model) {
    return sambert.matcher(model).matches();
  }

  /** Sambert models that the vendor has taken away. */
  boolean isGone(String model) {
    return gone.matcher(model).matches();
  }

  private static List<Entry> entries(JsonArray array) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      entries.add(Entry.parse(array.getJsonObject(i)));
    }
    return List.copyOf(entries);
  }

  private @Nullable Entry find(List<Entry> entries, String model) {
    for (Entry entry : entries) {
      if (entry.model().matcher(model).matches()) {
        return entry.with(voice -> own.test(model, voice));
      }
    }
    return null;
  }
}
