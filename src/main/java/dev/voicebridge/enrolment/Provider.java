package dev.voicebridge.enrolment;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whose voices. */
public enum Provider {
  /** DashScope's {@code voice-enrollment}: CosyVoice and qwen-audio models. */
  COSYVOICE,
  /** DashScope's {@code qwen-voice-enrollment} and {@code qwen-voice-design}. */
  QWEN,
  SILICONFLOW;

  /** The name in data files and answers: {@code cosyvoice}, {@code qwen}, {@code siliconflow}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whose a model that voices are made for is, known or by its name; null: nobody can tell. */
  public static @Nullable Provider ofTarget(String model) {
    Targets.Target target = Targets.of(model);
    return target == null ? null : target.provider();
  }

  boolean isDashScope() {
    return this != SILICONFLOW;
  }
}
