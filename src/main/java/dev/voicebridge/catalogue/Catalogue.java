package dev.voicebridge.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All models and system voices, read once from {@code catalogue.json}. Immutable, any thread. */
public final class Catalogue {
  /** Reads the data file from the class path. */
  public static Catalogue load() {
    throw new UnsupportedOperationException("the data file");
  }

  public List<Model> models() {
    throw new UnsupportedOperationException();
  }

  public List<SystemVoice> voices() {
    throw new UnsupportedOperationException();
  }

  /**
   * @return null when the file does not know the name; see {@link #dialectOf}
   */
  public @Nullable Model model(String name) {
    throw new UnsupportedOperationException(name);
  }

  /**
   * The dialect of a known model, or of an unknown one whose name follows a known family ({@code
   * qwen…-realtime…}, {@code cosyvoice-…}, {@code qwen-audio-…}, {@code sambert-…}).
   *
   * @return null when nothing here can speak to such a model
   */
  public @Nullable Dialect dialectOf(String model) {
    throw new UnsupportedOperationException(model);
  }

  /** The nearest known model names, best first; never empty. */
  public List<String> nearestModels(String name) {
    throw new UnsupportedOperationException(name);
  }

  /** Whether the two names are one model because the vendor says so. */
  public boolean sameModel(String one, String other) {
    throw new UnsupportedOperationException();
  }

  /** Checks a model and a voice against each other before any vendor call. */
  public PairVerdict pair(String model, String voice) {
    throw new UnsupportedOperationException();
  }

  /** The names of the models with an ability, for error messages. */
  public List<String> modelsThatCan(Ability ability) {
    throw new UnsupportedOperationException();
  }
}
