package dev.voicebridge.enrolment;

import java.util.Locale;

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

  boolean isDashScope() {
    return this != SILICONFLOW;
  }
}
