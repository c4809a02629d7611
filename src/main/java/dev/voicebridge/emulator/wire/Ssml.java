package dev.voicebridge.emulator.wire;

import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The words of a marked-up text. The guest says them without the marks' effect. */
final class Ssml {
  private static final XMLInputFactory FACTORY = factory();

  private Ssml() {}

  static boolean isMarkup(String text) {
    return text.stripLeading().startsWith("<speak");
  }

  /**
   * @throws WireError when it isn't well-formed
   */
  static String words(String markup) {
    StringBuilder words = new StringBuilder();
    try {
      XMLStreamReader reader = FACTORY.createXMLStreamReader(new StringReader(markup.strip()));
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamConstants.CHARACTERS) {
          words.append(reader.getText());
        }
      }
      reader.close();
    } catch (XMLStreamException e) {
      throw WireError.invalid("Please ensure input text is valid.");
    }
    return words.toString();
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }
}
