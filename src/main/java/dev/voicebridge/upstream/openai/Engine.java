package dev.voicebridge.upstream.openai;

import java.util.Set;

/**
 * Where some models are spoken to.
 *
 * @param name what the operator calls it
 * @param baseUrl with its path, without a slash at its end
 * @param key empty: none is sent
 * @param manner what its requests look like
 * @param ratesHz the rates it can be asked for; where it cannot be asked, the one that it has
 * @param nativeHz the rate for everything that is not among them
 * @param wav whether it gives WAV only
 * @param concurrency most requests at once, in the whole process
 * @param models the models that it speaks with
 */
public record Engine(
    String name,
    String baseUrl,
    String key,
    Manner manner,
    Set<Integer> ratesHz,
    int nativeHz,
    boolean wav,
    int concurrency,
    Set<String> models) {

  /** What a request looks like. */
  public enum Manner {
    /** With rate, gain and {@code stream}; instructions stand before the text. */
    SILICONFLOW,
    /** What OpenAI itself documents. */
    OPENAI
  }

  private static final int SILICONFLOW_REQUESTS = 256;

  /**
   * SiliconFlow, for every model that no other engine has.
   *
   * @param key empty: only visitors with a key of their own are let in
   */
  public static Engine siliconFlow(String baseUrl, String key) {
    return new Engine(
        "siliconflow",
        baseUrl,
        key,
        Manner.SILICONFLOW,
        Set.of(8_000, 16_000, 24_000, 32_000, 44_100),
        24_000,
        false,
        SILICONFLOW_REQUESTS,
        Set.of());
  }

  /** The rate to ask for. */
  int rateFor(int wantedHz) {
    return ratesHz.contains(wantedHz) ? wantedHz : nativeHz;
  }

  @Override
  public String toString() {
    return "Engine[" + name + ", " + baseUrl + ", " + manner + ", models=" + models + "]";
  }
}
