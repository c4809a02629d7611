package dev.voicebridge.emulator.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every voice name's own sound, the same from run to run. Immutable. */
final class Voices {
  private static final String RESOURCE = "/dev/voicebridge/emulator/voices.tsv";
  private static final Pattern DECORATION = Pattern.compile("^sambert-|[-_]v\\d+(\\.\\d+)?$");

  private static final double HIGHEST_MALE_HZ = 140;
  private static final double HIGHEST_FEMALE_HZ = 270;

  private record Person(String gender, String age, String language) {}

  private final Map<String, Person> people = new HashMap<>();

  Voices() {
    try (InputStream in = Objects.requireNonNull(Voices.class.getResourceAsStream(RESOURCE));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#") && !line.startsWith("voice\t")) {
          List<String> cells = List.of(line.split("\t", -1));
          people.put(plain(cells.get(0)), new Person(cells.get(1), cells.get(2), cells.get(3)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param traits null: what the name has of its own
   */
  VoiceProfile of(String voice, @Nullable VoiceTraits traits) {
    String name = plain(voice);
    long hash = hash(name);
    if (traits != null && traits.pitchHz() > 0) {
      return cloned(hash, traits);
    }
    @Nullable Person known = people.get(name);
    Person person =
        known != null ? known : new Person(hash % 2 == 0 ? "female" : "male", "adult", "zh");
    if (traits != null) {
      person = described(traits, person);
    }
    boolean male = person.gender.equals("male");
    boolean child = person.age.equals("child");
    List<String> timbres = child ? Timbres.CHILD : male ? Timbres.MALE : Timbres.FEMALE;
    int agePitch =
        switch (person.age) {
          case "young" -> 5;
          case "old" -> -16;
          default -> 0;
        };
    double ageTempo =
        switch (person.age) {
          case "child" -> 1.05;
          case "old" -> 0.84;
          default -> 1.0;
        };
    int wantedPitch = traits == null ? 0 : Timbres.steps(traits.pitch());
    double wantedTempo = traits == null ? 1 : traits.tempo();
    return new VoiceProfile(
        timbres.get(part(hash, 1, timbres.size())),
        agePitch + wantedPitch - 5 + part(hash, 2, 11),
        40 + part(hash, 3, 31),
        wantedTempo * ageTempo * (0.96 + 0.01 * part(hash, 4, 9)),
        person.language);
  }

  /** The group whose natural height is nearest, then the rest of the way by pitch. */
  private static VoiceProfile cloned(long hash, VoiceTraits traits) {
    List<String> timbres =
        traits.pitchHz() < HIGHEST_MALE_HZ
            ? Timbres.MALE
            : traits.pitchHz() < HIGHEST_FEMALE_HZ ? Timbres.FEMALE : Timbres.CHILD;
    String timbre = timbres.get(part(hash, 1, timbres.size()));
    return new VoiceProfile(
        timbre,
        Timbres.steps(traits.pitchHz() * traits.pitch() / Timbres.naturalHz(timbre)),
        50,
        traits.tempo() * (0.97 + 0.01 * part(hash, 4, 7)),
        traits.language());
  }

  private static Person described(VoiceTraits traits, Person otherwise) {
    return new Person(
        traits.gender() == VoiceTraits.Gender.UNKNOWN
            ? otherwise.gender
            : traits.gender().name().toLowerCase(Locale.ROOT),
        traits.age().name().toLowerCase(Locale.ROOT),
        traits.language());
  }

  private static String plain(String voice) {
    return DECORATION.matcher(voice.strip().toLowerCase(Locale.ROOT)).replaceAll("");
  }

  /** 0 to below the bound; another trait, another part of the hash. */
  private static int part(long hash, int trait, int bound) {
    return (int) Long.remainderUnsigned(hash >>> (12 * trait), bound);
  }

  /** FNV-1a with a final mix: the same on every machine. */
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
