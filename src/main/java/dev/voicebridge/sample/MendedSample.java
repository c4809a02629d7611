package dev.voicebridge.sample;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * A sample made better: 16-bit mono WAV with true sizes in its header.
 *
 * @param wav the file; the callee may keep it
 * @param steps what was done, in order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MendedSample(byte[] wav, int sampleRateHz, int durationMs, List<Step> steps) {
  /** What was done to a sample. */
  public enum Step {
    FIRST_CHANNEL("只保留第一个声道", "only the first channel kept"),
    TRIMMED("剪去首尾空白", "silence at the ends cut"),
    PAUSES_SHORTENED("缩短过长的停顿", "long pauses shortened"),
    SHORTENED("剪到允许的长度", "cut to the length allowed"),
    LEVEL_SET("调整音量", "level set"),
    RESAMPLED("降低采样率", "taken to a lower sample rate"),
    UPSAMPLED(
        "提高了采样率：格式合格，但丢失的高音补不回来",
        "taken to a higher sample rate: the rule is met, but the treble that was lost isn't back");

    private final String zh;
    private final String en;

    Step(String zh, String en) {
      this.zh = zh;
      this.en = en;
    }

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    public String zh() {
      return zh;
    }

    public String en() {
      return en;
    }

    /** {@code {"step", "zh", "en"}}. */
    public JsonObject toJson() {
      return new JsonObject().put("step", wireName()).put("zh", zh).put("en", en);
    }
  }
}
