package dev.voicebridge.text;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** SSML, checked before a service is asked to speak it. */
public final class SpeechMarkup {
  /** Elements in one another. */
  static final int MAX_DEPTH = 16;

  /** Elements in one text. */
  static final int MAX_ELEMENTS = 2_000;

  /** Most names that an error lists. */
  private static final int NEAREST = 3;

  /** What the services that take SSML know (vendor's pages on CosyVoice and Sambert). */
  private static final Map<String, Set<String>> KNOWN =
      Map.ofEntries(
          Map.entry(
              "speak",
              Set.of(
                  "version",
                  "lang",
                  "voice",
                  "encodetype",
                  "sampleRate",
                  "rate",
                  "pitch",
                  "volume",
                  "effect",
                  "effectValue",
                  "bgm",
                  "backgroundMusicVolume",
                  "enableSubtitle")),
          Map.entry("break", Set.of("time", "strength")),
          Map.entry("p", Set.of()),
          Map.entry("s", Set.of()),
          Map.entry("w", Set.of()),
          Map.entry("sub", Set.of("alias")),
          Map.entry("phoneme", Set.of("alphabet", "ph")),
          Map.entry("say-as", Set.of("interpret-as", "format", "detail")),
          Map.entry("soundEvent", Set.of("src")),
          Map.entry("emotion", Set.of("category", "intensity")),
          Map.entry("prosody", Set.of("rate", "pitch", "volume")));

  /**
   * Why it cannot be spoken.
   *
   * @param hint what to change; null: the message says it
   */
  public record Flaw(String message, @Nullable String hint) {}

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Flaw flaw;

    Refused(String message, @Nullable String hint) {
      super(message, null, false, false);
      this.flaw = new Flaw(message, hint);
    }
  }

  private SpeechMarkup() {}

  /** Whether that is meant to be markup; services take plain text as well where SSML is on. */
  public static boolean isMarkup(CharSequence text) {
    int first = 0;
    while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
      first++;
    }
    return first < text.length() && text.charAt(first) == '<';
  }

  /** Whether it ends as a whole document does. */
  public static boolean isComplete(CharSequence text) {
    int end = text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    String close = "</speak>";
    return end >= close.length()
        && text.subSequence(end - close.length(), end).toString().equals(close);
  }

  /**
   * @return null: nothing is wrong with it
   */
  public static @Nullable Flaw flaw(String ssml) {
    try {
      check(ssml.strip());
      return null;
    } catch (Refused refused) {
      return refused.flaw;
    } catch (XMLStreamException malformed) {
      int column = malformed.getLocation() == null ? 0 : malformed.getLocation().getColumnNumber();
      int line = malformed.getLocation() == null ? 0 : malformed.getLocation().getLineNumber();
      return new Flaw(
          "the SSML is not well-formed, at line " + line + ", column " + column,
          "close every tag, and write & as &amp; and < as &lt;");
    }
  }

  private static void check(String ssml) throws Refused, XMLStreamException {
    // Also what the parser would only skip.
    if (ssml.contains("<!DOCTYPE") || ssml.contains("<!ENTITY")) {
      throw new Refused("SSML may not have a document type or entities of its own", null);
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("nothing is fetched");
        });
    XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(ssml));
    try {
      int depth = 0;
      int elements = 0;
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            depth++;
            elements++;
            element(reader, depth, elements);
          }
          case XMLStreamConstants.END_ELEMENT -> depth--;
          case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
              throw new Refused("SSML may not have a document type or entities of its own", null);
          case XMLStreamConstants.PROCESSING_INSTRUCTION ->
              throw new Refused("SSML may not have processing instructions", null);
          default -> {
            // Text, comments and the end.
          }
        }
      }
    } finally {
      reader.close();
    }
  }

  private static void element(XMLStreamReader reader, int depth, int elements) throws Refused {
    String name = reader.getLocalName();
    if (depth == 1 && !name.equals("speak")) {
      throw new Refused(
          "SSML begins with <speak>, not with <" + shown(name) + ">",
          "put <speak>…</speak> around");
    }
    if (depth > 1 && name.equals("speak")) {
      throw new Refused("there is a <speak> in the <speak>", "one response takes one document");
    }
    if (depth > MAX_DEPTH) {
      throw new Refused("the SSML is nested deeper than " + MAX_DEPTH + " tags", null);
    }
    if (elements > MAX_ELEMENTS) {
      throw new Refused("the SSML has more than " + MAX_ELEMENTS + " tags", "cut the text");
    }
    Set<String> attributes = KNOWN.get(name);
    if (attributes == null) {
      throw new Refused(
          "SSML has no tag <" + shown(name) + "> here",
          "nearest: " + nearest(name, KNOWN.keySet()));
    }
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      String attribute = reader.getAttributeLocalName(i);
      if (!attributes.contains(attribute)) {
        throw new Refused(
            "<" + name + "> has no attribute '" + shown(attribute) + "' here",
            attributes.isEmpty() ? null : "nearest: " + nearest(attribute, attributes));
      }
    }
  }

  private static String nearest(String name, Set<String> known) {
    List<String> sorted = new ArrayList<>(new TreeSet<>(known));
    return String.join(", ", Nearest.to(name, sorted, NEAREST));
  }

  private static String shown(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40) + "…";
  }
}
