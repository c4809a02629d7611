package dev.voicebridge.voice;

import java.util.List;

/**
 * @param voices at most {@code limit} of them, from {@code offset} on
 * @param total how many fit the query
 */
public record VoicePage(List<Voice> voices, int total) {
  public VoicePage {
    voices = List.copyOf(voices);
  }
}
