package dev.voicebridge.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Names that stand for voices: OpenAI's, and what the operator puts beside or in place of them. */
final class VoiceAliases {
  private static final String EXPECTED =
      "name=voice,… or @file.json with an object of them; a name has letters, digits, - _ . and a"
          + " voice no comma";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int MAX_VOICE = 256;

  private VoiceAliases() {}

  /** By gender and temper, all with one model. */
  private static Map<String, String> preset() {
    Map<String, String> preset = new LinkedHashMap<>();
    preset.put("alloy", "Cherry");
    preset.put("ash", "Ethan");
    preset.put("ballad", "Kai");
    preset.put("coral", "Serena");
    preset.put("echo", "Moon");
    preset.put("fable", "Arthur");
    preset.put("onyx", "Vincent");
    preset.put("nova", "Chelsie");
    preset.put("sage", "Maia");
    preset.put("shimmer", "Mia");
    preset.put("verse", "Neil");
    preset.put("marin", "Vivian");
    preset.put("cedar", "Eldric Sage");
    return preset;
  }

  static Map<String, String> read(SettingsReader read) {
    Map<String, String> aliases = preset();
    String set = read.set(Setting.VOICEBRIDGE_ALIASES);
    if (set != null) {
      if (set.startsWith("@")) {
        ofFile(read, set, aliases);
      } else {
        for (String part : set.split(",", -1)) {
          int equals = part.indexOf('=');
          add(
              read,
              set,
              aliases,
              part.substring(0, Math.max(0, equals)).strip(),
              part.substring(equals + 1).strip());
        }
      }
    }
    return Collections.unmodifiableMap(aliases);
  }

  private static void ofFile(SettingsReader read, String set, Map<String, String> aliases) {
    try {
      JsonNode json = new JsonMapper().readTree(Files.readAllBytes(Path.of(set.substring(1))));
      if (!json.isObject()) {
        read.refuse(Setting.VOICEBRIDGE_ALIASES, set, EXPECTED);
      }
      json.properties()
          .forEach(
              entry -> add(read, set, aliases, entry.getKey(), entry.getValue().asText().strip()));
    } catch (JacksonException broken) {
      read.refuse(Setting.VOICEBRIDGE_ALIASES, set, "a file with a JSON object");
    } catch (IOException | InvalidPathException unreadable) {
      read.refuse(Setting.VOICEBRIDGE_ALIASES, set, "a file that can be read");
    }
  }

  private static void add(
      SettingsReader read, String set, Map<String, String> aliases, String name, String voice) {
    if (!NAME.matcher(name).matches()
        || voice.isEmpty()
        || voice.length() > MAX_VOICE
        || voice.indexOf(',') >= 0) {
      read.refuse(Setting.VOICEBRIDGE_ALIASES, set, EXPECTED);
    } else {
      aliases.put(name, voice);
    }
  }
}
