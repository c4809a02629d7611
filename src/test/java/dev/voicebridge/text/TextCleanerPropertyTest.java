package dev.voicebridge.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any text. */
class TextCleanerPropertyTest {
  private static final List<String> PARTS =
      List.of(
          "*",
          "**",
          "***",
          "****",
          "_",
          "__",
          "~~",
          "~",
          "`",
          "```",
          "```md",
          "\n",
          "\n\n",
          "\n```\n",
          "# ",
          "## ",
          "#",
          "- ",
          "1. ",
          "> ",
          "| ",
          "|",
          "|---|---|",
          "[",
          "]",
          "(",
          ")",
          "](",
          "![",
          "[1]",
          "[^1]",
          "[^1]: ",
          "【1】",
          "【",
          "】",
          "$",
          "$$",
          "\\(",
          "\\)",
          "\\[",
          "\\frac{a}{b}",
          "\\",
          "<b>",
          "</b>",
          "<",
          ">",
          "<think>",
          "</think>",
          "<!--",
          "-->",
          "<br>",
          "&amp;",
          "&",
          "https://",
          "https://a.com/b",
          "www.",
          "a@b.c",
          ".",
          ",",
          "!",
          "?",
          "。",
          "！",
          "…",
          "：",
          "，",
          ":smile:",
          "😀",
          "👨‍👩‍👧",
          "❤️",
          "🇨🇳",
          "1️⃣",
          "\ud83d",
          "(^_^)",
          "^_^",
          ":)",
          "¯\\_(ツ)_/¯",
          "（",
          "）",
          "\u200b",
          "\u200d",
          "\ue200",
          "\ue201",
          "\r\n",
          "\t",
          "  ",
          " ",
          "a",
          "b",
          "the",
          "T",
          "-",
          "---",
          "=",
          "==",
          "===",
          "+",
          "3",
          "42",
          "$5",
          "文",
          "重点",
          "の",
          "é",
          "[ ] ",
          "[x] ",
          "[微笑]",
          "<|x|>");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(PARTS).list().ofMaxSize(40).map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> prose() {
    return Arbitraries.of(
            "我们", "今天", "去", "公园", "，", "。", "；", "the ", "river ", "was, ", "then; ", "wide. ",
            "Once ", "“好”", "3", "天", "2024 ", "isn't ", "for ", "have ", "what ")
        .list()
        .ofMinSize(1)
        .ofMaxSize(60)
        .map(parts -> String.join("", parts).replaceAll("([，。；])\\1+", "$1"));
  }

  @Property(tries = 3000)
  void piecesAreReadLikeTheWhole(@ForAll("texts") String text, @ForAll long seed) {
    TextCleaner cleaner = new TextCleaner();
    Random random = new Random(seed);
    int longest = 1 + random.nextInt(8);
    StringBuilder spoken = new StringBuilder();

    for (int at = 0; at < text.length(); ) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(longest));
      spoken.append(cleaner.feed(text.substring(at, to)));
      assertTrue(cleaner.held() <= TextCleaner.MAX_HELD, "held " + cleaner.held());
      at = to;
    }
    spoken.append(cleaner.finish());

    assertEquals(TextCleaner.clean(text), spoken.toString());
    assertEquals(text.length(), cleaner.origins().original());
    assertEquals(spoken.length(), cleaner.origins().written());
  }

  @Property(tries = 1000)
  void plainTextPassesAsItIsAndAtOnce(@ForAll("prose") String text) {
    TextCleaner cleaner = new TextCleaner();
    StringBuilder spoken = new StringBuilder();

    for (int at = 0; at < text.length(); at++) {
      spoken.append(cleaner.feed(text.substring(at, at + 1)));
      assertTrue(spoken.length() >= at + 1 - 3, text.substring(0, at + 1) + " -> " + spoken);
    }
    spoken.append(cleaner.finish());

    assertEquals(text, spoken.toString());
  }

  @Property(tries = 1000)
  void whatIsSpokenComesFromWhereItStands(@ForAll("texts") String text) {
    TextCleaner cleaner = new TextCleaner();
    String spoken = cleaner.feed(text) + cleaner.finish();
    Origins origins = cleaner.origins();

    int before = 0;
    for (int i = 0; i < spoken.length(); i++) {
      int begin = origins.beginOf(i);
      int end = origins.endOfCharacter(i);
      assertTrue(begin >= before && begin <= end && end <= text.length());
      if (end - begin == 1 && Character.isLetter(spoken.charAt(i))) {
        assertEquals(spoken.charAt(i), text.charAt(begin));
      }
      assertTrue(origins.endOf(i) <= origins.endOf(i + 1));
      before = begin;
    }
    assertEquals(text.length(), origins.endOf(spoken.length()));
  }

  @Property(tries = 200)
  void aMarkThatNeverEndsHoldsNothingBackForLong(
      @ForAll("openings") String opening, @ForAll long seed) {
    TextCleaner cleaner = new TextCleaner();
    Random random = new Random(seed);

    cleaner.feed("text " + opening);
    for (int i = 0; i < 400; i++) {
      cleaner.feed(Character.toString((char) ('a' + random.nextInt(26))));
      assertTrue(cleaner.held() <= TextCleaner.MAX_HELD);
    }
    assertTrue(cleaner.held() <= 2 || opening.startsWith("http"));
  }

  @Provide
  Arbitrary<String> openings() {
    return Arbitraries.of(
        "*a",
        "_a",
        "~~a",
        "`a",
        "[a",
        "![a",
        "[a](",
        "$a",
        "\\(a",
        "$$a",
        "<b ",
        "<a@",
        "|a",
        "==a",
        "\n| a",
        "\n[^a",
        "【1",
        ":a",
        "&a",
        "(a",
        "\n```",
        "https://",
        "<think>",
        "<!--");
  }
}
