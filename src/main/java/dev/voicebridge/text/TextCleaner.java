package dev.voicebridge.text;

/**
 * Takes out of a text as language models write it what nobody would read aloud: Markdown, code
 * blocks, tables, addresses, citations, formula marks, emoji. Chinese and English; what is no mark
 * passes as it is.
 *
 * <p>Holds back only what may still be a mark, at most {@link #MAX_HELD} characters, and lets it go
 * when it is none. What is left out (code, thoughts of a model, targets of links) is not kept,
 * however long it is.
 *
 * <p>This class asks, at every character, the parts that may know it as a mark; the first that does
 * deals with it. A part looks ahead as far as it must before it changes anything.
 */
public final class TextCleaner implements Rewriter {
  /** The most that is ever held back, UTF-16 units. */
  public static final int MAX_HELD = 256;

  private final Page page = new Page();
  private final Ahead text = page.text;

  private final Emphasis emphasis = new Emphasis(page);
  private final Code code = new Code(page);
  private final Tables tables = new Tables(page);
  private final Links links = new Links(page);
  private final Citations citations = new Citations(page);
  private final Brackets brackets = new Brackets(page, citations, links);
  private final WebAddresses addresses = new WebAddresses(page);
  private final Html html = new Html(page, addresses);
  private final Entities entities = new Entities(page);
  private final FormulaMarks formulas = new FormulaMarks(page);
  private final Escapes escapes = new Escapes(page, formulas);
  private final Hashes hashes = new Hashes(page);
  private final Repeats repeats = new Repeats(page);
  private final Pictures pictures = new Pictures(page);
  private final Blocks blocks = new Blocks(page, tables, code, links);

  /**
   * The whole of a text at once.
   *
   * @return what is to be spoken, perhaps nothing
   */
  public static String clean(String whole) {
    TextCleaner cleaner = new TextCleaner();
    return cleaner.feed(whole) + cleaner.finish();
  }

  @Override
  public String feed(String piece) {
    text.add(piece);
    work();
    return page.out.take();
  }

  @Override
  public String finish() {
    text.finish();
    work();
    page.finish();
    return page.out.take();
  }

  @Override
  public Origins origins() {
    return page.out.origins();
  }

  /** How much has come and gone nowhere yet. */
  int held() {
    return text.held() + page.out.waiting();
  }

  private void work() {
    try {
      while (!text.isEmpty()) {
        step();
      }
    } catch (Ahead.More waiting) {
      // Whatever looked ahead has changed nothing.
    }
  }

  /** Decides on at least one character, or throws {@link Ahead.More} before anything changes. */
  private void step() {
    if (page.stretched()) {
      return;
    }
    int c = text.codePoint(0);
    if (c == '\n') {
      page.lineBreak();
    } else if (Marks.isBlank(c)) {
      hashes.blank();
      page.blank(c);
    } else if (!page.ended() && !(page.line().atStart && blocks.begin(c)) && !mark(c)) {
      page.copy(c);
    }
  }

  private boolean mark(int c) {
    return c < 0x80 ? asciiMark(c) : otherMark(c);
  }

  private boolean asciiMark(int c) {
    return switch (c) {
      case '*' -> pictures.face() || emphasis.star();
      case '_' -> emphasis.underscore();
      case '~' -> emphasis.tilde();
      case '=' -> pictures.face() || emphasis.highlight();
      case '`' -> code.backtick();
      case '[' -> brackets.bracket();
      case '!' -> links.image() || repeats.repeated(c);
      case '<' -> html.angle();
      case '&' -> entities.entity();
      case '$' -> formulas.dollar();
      case '|' -> tables.bar();
      case '\\' -> pictures.face() || escapes.backslash();
      case '#' -> hashes.hash();
      case '-' -> pictures.face() || repeats.dashes();
      case ':' -> pictures.face() || pictures.shortcode();
      case '?', ',' -> repeats.repeated(c);
      case '.' -> repeats.dot();
      case '(', '^', '>', 'T', '@', ';' -> pictures.face();
      default -> addresses.address(c) || pictures.invisible(c);
    };
  }

  private boolean otherMark(int c) {
    if (pictures.invisible(c)) {
      return true;
    }
    return switch (c) {
      case '【' -> citations.lenticular();
      case '！', '？', '，', '、', '。', '；' -> repeats.repeated(c);
      case '—' -> repeats.dashes();
      default -> pictures.face() || tables.verdict(c) || pictures.pictograph(c);
    };
  }
}
