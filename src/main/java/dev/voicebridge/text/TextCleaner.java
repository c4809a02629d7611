package dev.voicebridge.text;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes out of a text as language models write it what nobody would read aloud: Markdown, code
 * blocks, tables, addresses, citations, formula marks, emoji. Chinese and English; what is no mark
 * passes as it is.
 *
 * <p>Holds back only what may still be a mark, at most {@link #MAX_HELD} characters, and lets it go
 * when it is none. What is left out (code, thoughts of a model, targets of links) is not kept,
 * however long it is.
 */
public final class TextCleaner implements Rewriter {
  /** How far a mark may reach before it is taken for none. */
  private static final int REACH = 160;

  /** The most that is ever held back, UTF-16 units. */
  public static final int MAX_HELD = 256;

  private static final int MAX_HOST = 100;
  private static final int MAX_EMPHASIS_RUN = 4;

  private static final Pattern CITATION =
      Pattern.compile(
          "(?:(?:citation|cite|source|ref|来源|参考|引用|webpage|网页)[ _:：]?)?"
              + "\\d{1,3}(?:\\s?[,，、\\-–~:]\\s?\\^?\\d{1,3})*(?:[†‡][^\\]】]*)?");

  private static final Pattern CALLOUT =
      Pattern.compile("!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|INFO|DANGER)");

  private static final Set<String> CHAT_FACES =
      Set.of(
          "微笑", "撇嘴", "色", "发呆", "得意", "流泪", "害羞", "闭嘴", "睡", "大哭", "尴尬", "发怒", "调皮", "呲牙", "惊讶",
          "难过", "囧", "抓狂", "吐", "偷笑", "愉快", "白眼", "傲慢", "困", "惊恐", "憨笑", "悠闲", "咒骂", "疑问", "嘘", "晕",
          "衰", "骷髅", "敲打", "再见", "擦汗", "抠鼻", "鼓掌", "坏笑", "鄙视", "委屈", "快哭了", "阴险", "亲亲", "可怜", "笑脸",
          "生病", "脸红", "破涕为笑", "恐惧", "失望", "无语", "嘿哈", "捂脸", "奸笑", "机智", "皱眉", "耶", "吃瓜", "加油", "汗",
          "天啊", "社会社会", "旺柴", "好的", "打脸", "哇", "翻白眼", "666", "让我看看", "叹气", "苦涩", "裂开", "嘴唇", "爱心",
          "心碎", "拥抱", "强", "弱", "握手", "胜利", "抱拳", "勾引", "拳头", "合十", "啤酒", "咖啡", "蛋糕", "玫瑰", "凋谢",
          "菜刀", "炸弹", "便便", "月亮", "太阳", "庆祝", "礼物", "红包", "發", "福", "烟花", "爆竹", "猪头", "跳跳", "发抖",
          "转圈", "狗头", "笑哭", "doge", "比心", "赞", "OK");

  private static final Map<String, String> ENTITIES =
      Map.ofEntries(
          Map.entry("nbsp", " "),
          Map.entry("ensp", " "),
          Map.entry("emsp", " "),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("amp", "&"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("hellip", "…"),
          Map.entry("mdash", "—"),
          Map.entry("ndash", "–"),
          Map.entry("ldquo", "“"),
          Map.entry("rdquo", "”"),
          Map.entry("lsquo", "‘"),
          Map.entry("rsquo", "’"),
          Map.entry("middot", "·"),
          Map.entry("times", "×"),
          Map.entry("divide", "÷"),
          Map.entry("deg", "°"),
          Map.entry("copy", "©"),
          Map.entry("reg", "®"));

  /** What a backslash makes ordinary. */
  private static final String ESCAPABLE = "*_#|~`>-+.!${}]";

  /** And of that, what may follow one in a path. */
  private static final String WORDLY = "-.!${}+>~";

  private static final String BULLETS = "•●○■□▪▫◦‣◆◇➢➤►▶◾◽";

  private enum Line {
    PLAIN,
    /** Ends with a sentence, whatever punctuation it has: a heading, an item, a row. */
    SENTENCE,
    ROW
  }

  /** What is being left out, however long it is. */
  private enum Skip {
    NOTHING,
    FENCE,
    ELEMENT,
    COMMENT,
    TARGET,
    ADDRESS,
    LINE,
    FORMULA,
    PRIVATE
  }

  private final Ahead text = new Ahead();
  private final SpokenOut out = new SpokenOut();

  /** Ends of marks whose beginnings have been left out: where they are, and how long. */
  private final Map<Long, Integer> ends = new HashMap<>();

  /** Where the text of a link ends and its target begins. */
  private final Map<Long, Boolean> linkEnds = new HashMap<>();

  private Line line = Line.PLAIN;
  private boolean atLineStart = true;
  private boolean afterBullet;
  private boolean inTable;

  /** Whether there is anything on the line, spoken or not. */
  private boolean marked;

  private boolean bold;

  /** Both began together and only one has ended. */
  private boolean italic;

  /** Whether the line began with bold text, and how much was on it when that ended. */
  private boolean boldFromStart;

  private int boldTo = -1;
  private boolean equation;
  private boolean hashtag;

  /** Code in the line ends here, with so many backticks. */
  private long codeTo = -1;

  private int codeMark;

  /** A fence around Markdown, which is read: how its end looks. */
  private int readFence;

  private int readFenceMark;

  private Skip skip = Skip.NOTHING;

  /** Of the fence, or the depth of brackets. */
  private int skipCount;

  private int skipMark;
  private String skipEnd = "";
  private boolean skipLineStart;

  @Override
  public String feed(String piece) {
    text.add(piece);
    work();
    return out.take();
  }

  @Override
  public String finish() {
    text.finish();
    work();
    if (line != Line.PLAIN || isBoldLine()) {
      out.sentenceEnd();
    }
    out.finish();
    return out.take();
  }

  @Override
  public Origins origins() {
    return out.origins();
  }

  /** How much has come and gone nowhere yet. */
  int held() {
    return text.held() + out.waiting();
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
    if (skip != Skip.NOTHING) {
      skipOn();
      return;
    }
    if (codeTo >= 0) {
      code();
      return;
    }
    int c = text.codePoint(0);
    if (c == '\n') {
      lineBreak();
      return;
    }
    if (Marks.isBlank(c)) {
      hashtag = false;
      out.blank((char) c);
      text.take(1);
      return;
    }
    if (isEnd() || (atLineStart && lineStart(c)) || mark(c)) {
      return;
    }
    copy(c);
  }

  private void copy(int c) {
    int length = c == Ahead.END ? 0 : Character.charCount(c);
    out.copy(c);
    text.take(length);
    begun();
    equation |= c == '=' || c == '＝' || c == '×';
  }

  private void begun() {
    marked = true;
    atLineStart = false;
    afterBullet = false;
  }

  private void drop(int length) {
    drop(length, SpokenOut.Pause.NONE);
  }

  private void drop(int length, SpokenOut.Pause pause) {
    marked = true;
    out.leaveOut(length, pause);
    text.take(length);
  }

  private void say(String words, int length) {
    String stripped = words.strip();
    if (stripped.isEmpty()) {
      drop(length);
    } else {
      out.replace(stripped, length);
      text.take(length);
      begun();
    }
  }

  private void lineBreak() {
    endLine();
    text.take(1);
    out.lineBreak();
  }

  private void endLine() {
    if (line != Line.PLAIN || isBoldLine()) {
      out.sentenceEnd();
    }
    if (!marked) {
      inTable = false;
    }
    marked = false;
    line = Line.PLAIN;
    atLineStart = true;
    afterBullet = false;
    bold = false;
    italic = false;
    boldFromStart = false;
    boldTo = -1;
    equation = false;
    hashtag = false;
  }

  /** Whether the line is bold from its beginning to its end: somebody's heading. */
  private boolean isBoldLine() {
    return boldTo >= 0 && boldTo == out.onLine();
  }

  // -- the beginning of a line --------------------------------------------------------------------

  private boolean lineStart(int c) {
    switch (c) {
      case '#' -> {
        return heading();
      }
      case '>' -> {
        int next = text.peek(1);
        if (Marks.isDigit(next) || next == '=' || Faces.length(text) > 0) {
          return false;
        }
        drop(1);
        return true;
      }
      case '-', '*', '+', '_', '=' -> {
        return rule(c) || delimiterRow() || bullet(c);
      }
      case ':' -> {
        return delimiterRow();
      }
      case '`', '~' -> {
        return fence(c);
      }
      case '|' -> {
        return delimiterRow() || row();
      }
      case '[' -> {
        return taskBox() || definition();
      }
      default -> {
        if (BULLETS.indexOf(c) >= 0) {
          drop(1);
          line = Line.SENTENCE;
          afterBullet = true;
          return true;
        }
        if (Marks.isDigit(c)) {
          numbered();
        } else if (c >= 0x2460 && c <= 0x2473) {
          line = Line.SENTENCE;
        }
        return false;
      }
    }
  }

  private boolean heading() {
    int length = text.run(0, 7);
    int next = text.peek(length);
    if (length > 6 || !(Marks.isBlankOrEnd(next) || (length > 1 && next > 0x7f))) {
      if (length < 2 || !Marks.isLetterOrDigit(next) || length > 6) {
        return false;
      }
    }
    drop(length);
    line = Line.SENTENCE;
    return true;
  }

  /** A line of three marks and more and nothing else. */
  private boolean rule(int mark) {
    if (mark == '+') {
      return false;
    }
    int marks = 0;
    for (int i = 0; i < REACH; i++) {
      int c = text.peek(i);
      if (c == mark) {
        marks++;
      } else if (c == '\n' || c == Ahead.END) {
        if (marks < 3) {
          return false;
        }
        out.sentenceEnd();
        drop(i);
        return true;
      } else if (!Marks.isBlank(c)) {
        return false;
      }
    }
    return false;
  }

  /** The line under the head of a table. */
  private boolean delimiterRow() {
    int end = delimiterRow(0);
    if (end == 0) {
      return false;
    }
    drop(end);
    inTable = true;
    return true;
  }

  private int delimiterRow(int from) {
    boolean dash = false;
    boolean bar = false;
    for (int i = from; i < REACH; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return dash && bar ? i : 0;
      }
      dash |= c == '-';
      bar |= c == '|';
      if (c != '-' && c != '|' && c != ':' && !Marks.isBlank(c)) {
        return 0;
      }
    }
    return 0;
  }

  private boolean bullet(int c) {
    if (c == '_' || c == '=') {
      return false;
    }
    int next = text.peek(1);
    boolean item = Marks.isBlankOrEnd(next) || (c == '-' && Marks.isCjk(next));
    if (!item || next == Ahead.END) {
      return false;
    }
    drop(1);
    line = Line.SENTENCE;
    afterBullet = true;
    return true;
  }

  /** "1. …": read as it is, but a sentence. */
  private void numbered() {
    int digits = 0;
    while (digits < 3 && Marks.isDigit(text.peek(digits))) {
      digits++;
    }
    int sign = text.peek(digits);
    boolean item =
        ((sign == '.' || sign == ')') && Marks.isBlank(text.peek(digits + 1)))
            || sign == '、'
            || sign == '）'
            || sign == '．';
    if (item) {
      line = Line.SENTENCE;
    }
  }

  private boolean fence(int mark) {
    int length = text.run(0, 20);
    if (length < 3) {
      return false;
    }
    int end = length;
    while (end < REACH) {
      int c = text.peek(end);
      if (c == '\n' || c == Ahead.END) {
        break;
      }
      if (c == mark && mark == '`') {
        return false;
      }
      end++;
    }
    String kind = text.text(length, end).strip();
    if (readFenceMark == mark && length >= readFence && kind.isEmpty()) {
      readFenceMark = 0;
      drop(end);
      return true;
    }
    out.sentenceEnd();
    if (kind.equals("markdown") || kind.equals("md")) {
      readFenceMark = mark;
      readFence = length;
    } else {
      skip = Skip.FENCE;
      skipMark = mark;
      skipCount = length;
      skipLineStart = false;
    }
    drop(end);
    return true;
  }

  private boolean row() {
    for (int i = 1; i < REACH; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return false;
      }
      if (c == '|') {
        break;
      }
    }
    drop(1);
    line = Line.ROW;
    atLineStart = false;
    return true;
  }

  private boolean taskBox() {
    if (!afterBullet || line != Line.SENTENCE) {
      return false;
    }
    int state = text.peek(1);
    if ((state == ' ' || state == 'x' || state == 'X' || state == '√')
        && text.peek(2) == ']'
        && Marks.isBlankOrEnd(text.peek(3))) {
      drop(3);
      return true;
    }
    return false;
  }

  /** "[id]: https://…" and "[^1]: …" say something to the reader of the page only. */
  private boolean definition() {
    int close = closing(REACH);
    if (close == 0 || text.peek(close + 1) != ':') {
      return false;
    }
    if (text.peek(1) != '^') {
      int at = close + 2;
      while (at < close + 6 && Marks.isBlank(text.peek(at))) {
        at++;
      }
      if (!isScheme(at) && text.peek(at) != '<') {
        return false;
      }
    }
    drop(close + 2);
    skip = Skip.LINE;
    return true;
  }

  // -- marks anywhere -----------------------------------------------------------------------------

  /** The other half of a mark, or of a link. */
  private boolean isEnd() {
    Integer length = ends.get(text.at());
    if (length != null) {
      ends.remove(text.at());
      drop(length);
      return true;
    }
    if (linkEnds.containsKey(text.at())) {
      boolean reference = Boolean.TRUE.equals(linkEnds.remove(text.at()));
      drop(2);
      skip = Skip.TARGET;
      skipCount = 1;
      skipMark = reference ? ']' : ')';
      return true;
    }
    return false;
  }

  private boolean mark(int c) {
    if (c > 0x7f) {
      return sign(c);
    }
    if ((Marks.isAsciiLetter(c) && c != 'T') || Marks.isDigit(c)) {
      return isAddressBeginning(c) && address();
    }
    return switch (c) {
      case '*' -> face() || star();
      case '_' -> underscore();
      case '~' -> tilde();
      case '=' -> face() || highlight();
      case '`' -> backtick();
      case '[' -> bracket();
      case '!' -> image() || repeated(c);
      case '<' -> tag();
      case '&' -> entity();
      case '$' -> dollar();
      case '|' -> bar();
      case '\\' -> face() || backslash();
      case '#' -> number();
      case '(', '^', '>', 'T', '@', ';' -> face();
      case '-' -> face() || dashes();
      case ':' -> face() || shortcode();
      case '?', ',' -> repeated(c);
      case '.' -> dots();
      default -> Marks.isInvisible(c) && invisible(c);
    };
  }

  private boolean sign(int c) {
    if (c == 0xe200) {
      drop(1);
      skip = Skip.PRIVATE;
      return true;
    }
    if (c == 0x20e3 && out.onLine() == 1) {
      // A digit on a key, where others write "1.".
      line = line == Line.PLAIN ? Line.SENTENCE : line;
    }
    if (Marks.isInvisible(c)) {
      return invisible(c);
    }
    if (Marks.isJoiner(c)) {
      int before = text.previous();
      return (before < 0x250 || before >= 0x2000) && invisible(c);
    }
    if (c == '【') {
      return lenticular();
    }
    if (face()) {
      return true;
    }
    if (Marks.isPictograph(c)) {
      drop(Character.charCount(c), SpokenOut.Pause.SOFT);
      return true;
    }
    return switch (c) {
      case '！', '？', '，', '、', '。', '；' -> repeated(c);
      case '—' -> dashes();
      default -> false;
    };
  }

  private boolean invisible(int c) {
    drop(Character.charCount(c));
    return true;
  }

  private boolean face() {
    int length = Faces.length(text);
    if (length == 0) {
      return false;
    }
    drop(length, SpokenOut.Pause.SOFT);
    return true;
  }

  /** One is as loud as three. */
  private boolean repeated(int c) {
    if (text.previous() != c) {
      return false;
    }
    drop(1);
    return true;
  }

  private boolean dots() {
    // "..." is an ellipsis; more of it says no more.
    int length = text.previous() == '.' ? 0 : -1;
    if (length < 0) {
      dotsSeen = 1;
      return false;
    }
    dotsSeen++;
    if (dotsSeen <= 3) {
      return false;
    }
    drop(1);
    return true;
  }

  private int dotsSeen;

  /** Four and more are a line, not a dash. */
  private boolean dashes() {
    int mark = text.peek(0);
    if (text.peek(1) != mark) {
      return false;
    }
    int length = run(0);
    if (length < (mark == '-' ? 4 : 5)) {
      return false;
    }
    drop(length, SpokenOut.Pause.FIRM);
    return true;
  }

  private boolean star() {
    int length = text.run(0, MAX_EMPHASIS_RUN);
    int before = text.previous();
    boolean masked = out.last() == '*';
    if (length == MAX_EMPHASIS_RUN || masked) {
      // "138****5678"
      int whole = run(0);
      if (masked || Marks.isWord(before) || Marks.isWord(text.peek(whole))) {
        return false;
      }
      drop(whole);
      return true;
    }
    int next = text.peek(length);
    if (length > 1) {
      return strong(length, before, next);
    }
    if (italic && !Marks.isBlankOrEnd(before)) {
      italic = false;
      drop(1);
      return true;
    }
    if (Marks.isWord(before) || before == ')' || Marks.isBlankOrEnd(next)) {
      return false;
    }
    boolean opens = Marks.isLetterOrDigit(next) || next > 0x7f || "\"'([".indexOf(next) >= 0;
    if (!opens || (Marks.isCjk(before) && equation)) {
      return false;
    }
    int close = closer('*', 1, 1);
    if (close > 0 && !(Marks.isCjk(before) && close <= 3)) {
      ends.put(text.at() + close, 1);
      drop(1);
      return true;
    }
    if (atLineStart && (Marks.isCjk(next) || (close == 0 && Marks.isAsciiLetter(next)))) {
      // A note under a table.
      drop(1);
      return true;
    }
    return false;
  }

  private boolean strong(int length, int before, int next) {
    if (bold) {
      bold = false;
      italic = false;
      drop(length);
      boldTo = boldFromStart ? out.onLine() : -1;
      return true;
    }
    boolean power =
        (Marks.isWord(before) || before == ')' || before == ']')
            && !Marks.isCjk(next)
            && next != '"'
            && next != '“';
    boolean operator = !atLineStart && Marks.isBlankOrEnd(before) && Marks.isBlank(next);
    if (power || operator) {
      return literal(length);
    }
    bold = !Marks.isBlankOrEnd(next);
    italic = bold && length == 3;
    boldFromStart = bold && out.onLine() == 0;
    drop(length);
    return true;
  }

  private int run(int index) {
    return text.run(index, Math.max(1, REACH + 1 - index));
  }

  private boolean literal(int length) {
    for (int i = 0; i < length; i++) {
      copy(text.peek(0));
    }
    return true;
  }

  /**
   * Where the mark that ends what begins here is, on the same line; zero: nowhere near.
   *
   * @param length of both marks
   */
  private int closer(int mark, int length, int from) {
    int i = from;
    while (i < REACH) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return 0;
      }
      if (c == '\\') {
        i += 2;
      } else if (c == mark) {
        int run = run(i);
        if ((run == length || (length == 1 && run == 3))
            && i > from
            && !Marks.isBlank(text.peek(i - 1))
            && !Marks.isWord(text.peek(i + run))) {
          return i;
        }
        i += run;
      } else {
        i++;
      }
    }
    return 0;
  }

  private boolean underscore() {
    int length = run(0);
    int before = text.previous();
    int next = text.peek(length);
    if (length >= 3) {
      if (Marks.isWord(before) && Marks.isWord(next)) {
        return literal(length);
      }
      drop(length);
      return true;
    }
    if (Marks.isWord(before)
        || "_/.@-:\\".indexOf(before) >= 0
        || Marks.isBlankOrEnd(next)
        || !(Marks.isLetterOrDigit(next) || next > 0x7f || "\"'(*".indexOf(next) >= 0)) {
      return false;
    }
    int close = closer('_', length, length);
    if (close == 0) {
      return length == 2 && literal(2);
    }
    if (length == 2 && isIdentifier(text.text(2, close))) {
      return literal(2);
    }
    ends.put(text.at() + close, length);
    drop(length);
    return true;
  }

  private static boolean isIdentifier(String name) {
    return name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_' || Marks.isDigit(c));
  }

  private boolean tilde() {
    if (text.previous() == '~' || text.peek(1) != '~') {
      return false;
    }
    int length = run(0);
    if (length == 2) {
      int close = Marks.isBlankOrEnd(text.peek(2)) ? 0 : struck();
      if (close > 0) {
        ends.put(text.at() + close, 2);
        drop(2);
        return true;
      }
    }
    out.replace("~", length);
    text.take(length);
    begun();
    return true;
  }

  private int struck() {
    for (int i = 3; i < REACH; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return 0;
      }
      if (c == '~' && text.peek(i + 1) == '~' && !Marks.isBlank(text.peek(i - 1))) {
        return i;
      }
    }
    return 0;
  }

  private boolean highlight() {
    int before = text.previous();
    if (before == '='
        || text.peek(1) != '='
        || text.peek(2) == '='
        || Marks.isWord(before)
        || Marks.isBlankOrEnd(text.peek(2))) {
      return false;
    }
    int close = closer('=', 2, 2);
    if (close == 0) {
      return false;
    }
    ends.put(text.at() + close, 2);
    drop(2);
    return true;
  }

  private boolean backtick() {
    int length = run(0);
    int i = length;
    int previous = Ahead.END;
    while (i < REACH) {
      int c = text.peek(i);
      if (c == Ahead.END || (c == '\n' && previous == '\n')) {
        break;
      }
      if (c == '`') {
        int run = run(i);
        if (run == length) {
          codeTo = text.at() + i;
          codeMark = run;
          break;
        }
        i += run;
      } else {
        i++;
      }
      previous = c;
    }
    drop(length);
    return true;
  }

  /** Code in the line is read as it is. */
  private void code() {
    if (text.at() >= codeTo) {
      codeTo = -1;
      drop(codeMark);
      return;
    }
    int c = text.codePoint(0);
    if (c == '\n') {
      lineBreak();
    } else if (Marks.isBlank(c)) {
      out.blank((char) c);
      text.take(1);
    } else {
      copy(c);
    }
  }

  private boolean backslash() {
    int next = text.peek(1);
    if (next == '(' || next == '[') {
      return formula(2, next == '(' ? "\\)" : "\\]", next == '[');
    }
    if (ESCAPABLE.indexOf(next) < 0) {
      return false;
    }
    if (Marks.isWord(text.previous())
        && WORDLY.indexOf(next) >= 0
        && !(next == '.' && Marks.isDigit(text.previous()))) {
      // A path.
      return false;
    }
    drop(1);
    copy(next);
    return true;
  }

  private boolean number() {
    int before = text.previous();
    if (hashtag && before != '#' && !Marks.isBlank(before)) {
      hashtag = false;
      drop(1);
      return true;
    }
    if (line == Line.SENTENCE && Marks.isBlankOrEnd(before)) {
      // The end of a heading.
      int length = text.run(0, 7);
      int next = text.peek(length);
      if (out.onLine() > 0 && (next == '\n' || next == Ahead.END)) {
        drop(length);
        return true;
      }
    }
    if (!Marks.isWord(before) && before != '#' && Marks.isCjk(text.codePoint(1))) {
      hashtag = true;
      drop(1);
      return true;
    }
    return false;
  }

  private boolean bar() {
    if (line == Line.ROW || inTable) {
      line = Line.ROW;
      drop(1, SpokenOut.Pause.FIRM);
      return true;
    }
    for (int i = 1; i < REACH; i++) {
      int c = text.peek(i);
      if (c == Ahead.END) {
        return false;
      }
      if (c == '\n') {
        if (delimiterRow(i + 1) == 0) {
          return false;
        }
        line = Line.ROW;
        drop(1, SpokenOut.Pause.FIRM);
        return true;
      }
    }
    return false;
  }

  /** ":smile:" */
  private boolean shortcode() {
    if (!Marks.isBlankOrEnd(text.previous()) && text.previous() < 0x2e80) {
      return false;
    }
    int i = 1;
    while (i < 32) {
      int c = text.peek(i);
      boolean first = c >= 'a' && c <= 'z';
      if (!first && !(i > 1 && (Marks.isDigit(c) || c == '_' || c == '+' || c == '-'))) {
        break;
      }
      i++;
    }
    if (i < 3 || text.peek(i) != ':' || Marks.isWord(text.peek(i + 1))) {
      return false;
    }
    drop(i + 1, SpokenOut.Pause.SOFT);
    return true;
  }

  // -- brackets -----------------------------------------------------------------------------------

  /** Where the bracket that begins here ends, on the same line; zero: nowhere near. */
  private int closing(int most) {
    int depth = 0;
    for (int i = 0; i < most; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return 0;
      }
      if (c == '\\') {
        i++;
      } else if (c == '[') {
        depth++;
      } else if (c == ']' && --depth == 0) {
        return i;
      }
    }
    return 0;
  }

  private boolean bracket() {
    int close = closing(REACH);
    if (close == 0) {
      return false;
    }
    String inner = text.text(1, close);
    int after = text.peek(close + 1);
    if (inner.startsWith("^") && inner.length() > 1 && inner.indexOf(' ') < 0) {
      drop(close + 1);
      return true;
    }
    boolean target = after == '(' && isTarget(close + 2);
    String bare =
        inner.startsWith("[") && inner.endsWith("]")
            ? inner.substring(1, inner.length() - 1)
            : inner;
    if (CITATION.matcher(bare).matches() && isCitation(bare, close, target)) {
      drop(close + 1);
      if (target) {
        skip = Skip.TARGET;
        skipCount = 0;
        skipMark = ')';
      }
      return true;
    }
    if (CHAT_FACES.contains(inner) && after != '(') {
      drop(close + 1, SpokenOut.Pause.SOFT);
      return true;
    }
    if (CALLOUT.matcher(inner).matches()) {
      drop(close + 1);
      return true;
    }
    if (target) {
      linkEnds.put(text.at() + close, false);
      drop(1);
      return true;
    }
    if (after == '[' && !inner.isBlank() && isReference(close + 2)) {
      linkEnds.put(text.at() + close, true);
      drop(1);
      return true;
    }
    return false;
  }

  /** A number in brackets may also be an index or an interval. */
  private boolean isCitation(String inner, int close, boolean link) {
    if (link || !Marks.isDigit(inner.charAt(0)) || text.peek(1) == '[') {
      return true;
    }
    if (inner.charAt(0) == '0') {
      return false;
    }
    if (inner.chars().allMatch(Marks::isDigit)) {
      // "row[1]=…" is no quotation.
      return !Marks.isWord(text.previous()) || "=(+*/".indexOf(text.peek(close + 1)) < 0;
    }
    int before = text.previous();
    int after = text.peek(close + 1);
    boolean interval =
        Marks.isBlankOrEnd(before) || before == '间' || before == '围' || "∈=（(".indexOf(before) >= 0;
    return !interval
        && (Marks.isBlankOrEnd(after)
            || Marks.isPause(after)
            || Marks.isCloser(after)
            || after == '[');
  }

  /** Whether what comes looks like the target of a link and not like a remark. */
  private boolean isTarget(int at) {
    int c = text.peek(at);
    if (c == Ahead.END || c >= 0x80 || Marks.isBlankOrEnd(c)) {
      return false;
    }
    if ("/#.<?)".indexOf(c) >= 0 || isScheme(at)) {
      return true;
    }
    for (int i = at; i < REACH; i++) {
      c = text.peek(i);
      if (c == ')' || c == Ahead.END) {
        return c == ')';
      }
      if (Marks.isBlankOrEnd(c)) {
        int next = text.peek(i + 1);
        return next == '"' || next == '\'' || next == ')';
      }
    }
    return true;
  }

  /** "id]" */
  private boolean isReference(int at) {
    for (int i = at; i < at + 40; i++) {
      int c = text.peek(i);
      if (c == ']') {
        return true;
      }
      if (c == '\n' || c == Ahead.END || c == '[') {
        return false;
      }
    }
    return false;
  }

  private boolean image() {
    int before = text.previous();
    if (!Marks.isBlankOrEnd(before) && "([|".indexOf(before) < 0) {
      return false;
    }
    if (text.peek(1) != '[') {
      return false;
    }
    int close = 0;
    for (int i = 2; i < REACH && close == 0; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END || c == '[') {
        return false;
      }
      close = c == ']' ? i : 0;
    }
    if (close == 0 || text.peek(close + 1) != '(') {
      return false;
    }
    linkEnds.put(text.at() + close, false);
    drop(2, SpokenOut.Pause.FIRM);
    return true;
  }

  /** "【1†source】" is for machines, "【通知】" is text. */
  private boolean lenticular() {
    for (int i = 1; i < 40; i++) {
      int c = text.peek(i);
      if (c == '】') {
        if (!CITATION.matcher(text.text(1, i)).matches()) {
          return false;
        }
        drop(i + 1);
        return true;
      }
      boolean possible =
          (c != Ahead.END && c < 0x80 && c != '\n') || "†‡–来源参考引用网页：，、".indexOf(c) >= 0;
      if (!possible) {
        return false;
      }
    }
    return false;
  }

  // -- addresses ----------------------------------------------------------------------------------

  private boolean isAddressBeginning(int c) {
    return "hHwWfF".indexOf(c) >= 0 && !Marks.isWord(text.previous());
  }

  private boolean isScheme(int at) {
    return text.startsWithIgnoringCase(at, "http://")
        || text.startsWithIgnoringCase(at, "https://")
        || text.startsWithIgnoringCase(at, "ftp://");
  }

  /** Of an address the host is read. */
  private boolean address() {
    int scheme = 0;
    if (isScheme(0)) {
      while (text.peek(scheme) != '/') {
        scheme++;
      }
      scheme += 2;
    } else if (!text.startsWithIgnoringCase(0, "www.")) {
      return false;
    }
    int end = scheme;
    while (end < scheme + MAX_HOST) {
      int c = text.peek(end);
      if (!Marks.isWord(c) && c != '.' && c != '-') {
        break;
      }
      end++;
    }
    boolean more = end < scheme + MAX_HOST && ":/?#".indexOf(text.peek(end)) >= 0;
    String host = text.text(scheme, end);
    while (host.endsWith(".") || host.endsWith("-")) {
      host = host.substring(0, host.length() - 1);
      more = false;
    }
    int length = scheme + host.length();
    if (host.length() > 4 && host.regionMatches(true, 0, "www.", 0, 4)) {
      host = host.substring(4);
    }
    if (host.isEmpty() || end == scheme + MAX_HOST) {
      return false;
    }
    if (more) {
      skip = Skip.ADDRESS;
      skipCount = 0;
    }
    say(host, length);
    return true;
  }

  private boolean isInAddress(int c) {
    if (c == Ahead.END || c <= ' ' || c >= 0x2000 || "<>\"`|*\\]}".indexOf(c) >= 0) {
      return false;
    }
    return c != ')' || skipCount > 0;
  }

  // -- tags and formulas --------------------------------------------------------------------------

  private boolean tag() {
    int next = text.peek(1);
    if (next == '!') {
      if (!text.startsWith(1, "!--")) {
        return false;
      }
      drop(4);
      skip = Skip.COMMENT;
      skipEnd = "-->";
      return true;
    }
    if (next == '|') {
      return special();
    }
    if (!Marks.isAsciiLetter(next) && next != '/' && !Marks.isDigit(next)) {
      return false;
    }
    if (angled()) {
      return true;
    }
    if (next != '/' && !Marks.isAsciiLetter(next)) {
      return false;
    }
    Tags.Tag tag = Tags.at(text, REACH);
    if (tag == null) {
      return false;
    }
    follow(tag);
    return true;
  }

  private void follow(Tags.Tag tag) {
    if (tag.unspoken()) {
      drop(tag.length());
      skip = Skip.ELEMENT;
      skipEnd = "</" + tag.name();
    } else if (tag.cell() || (tag.name().equals("br") && line == Line.ROW)) {
      drop(tag.length(), SpokenOut.Pause.FIRM);
    } else if (tag.block()) {
      if (tag.item() && tag.closing()) {
        out.sentenceEnd();
      }
      Line kind = tag.item() && !tag.closing() ? Line.SENTENCE : Line.PLAIN;
      endLine();
      out.brokenAt(tag.length());
      text.take(tag.length());
      line = kind;
    } else if (tag.name().equals("sup") && !tag.closing() && Marks.isWord(text.previous())) {
      say("^", tag.length());
    } else {
      drop(tag.length());
    }
  }

  /** "&lt;https://…&gt;" and "&lt;name@host&gt;". */
  private boolean angled() {
    boolean mail = false;
    for (int i = 1; i < REACH; i++) {
      int c = text.peek(i);
      if (c == '>') {
        if (!mail) {
          return false;
        }
        ends.put(text.at() + i, 1);
        drop(1);
        return true;
      }
      if (c == '@' && i > 1) {
        mail = true;
      } else if (c == ':' && i > 3 && !mail) {
        return scheme();
      } else if (!Marks.isWord(c) && ".-_+".indexOf(c) < 0) {
        return false;
      }
    }
    return false;
  }

  private boolean scheme() {
    if (!isScheme(1)) {
      return false;
    }
    for (int i = 8; i < REACH; i++) {
      int c = text.peek(i);
      if (c == '>') {
        ends.put(text.at() + i, 1);
        drop(1);
        return true;
      }
      if (c <= ' ' || c == '<') {
        return false;
      }
    }
    return false;
  }

  /** "&lt;|im_end|&gt;" */
  private boolean special() {
    for (int i = 2; i < 40; i++) {
      int c = text.peek(i);
      if (c == '|' && i > 2) {
        if (text.peek(i + 1) != '>') {
          return false;
        }
        drop(i + 2);
        return true;
      }
      if (!Marks.isWord(c) && c != '_') {
        return false;
      }
    }
    return false;
  }

  private boolean entity() {
    int i = 1;
    while (i < 10 && (Marks.isWord(text.peek(i)) || (i == 1 && text.peek(i) == '#'))) {
      i++;
    }
    if (i < 3 || text.peek(i) != ';') {
      return false;
    }
    String name = text.text(1, i);
    String sign = ENTITIES.get(name);
    if (sign == null && name.matches("#\\d{2,6}|#[xX][0-9a-fA-F]{2,5}")) {
      boolean hex = Character.toLowerCase(name.charAt(1)) == 'x';
      int point = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
      boolean readable = Character.isValidCodePoint(point) && !Character.isISOControl(point);
      sign =
          readable && !(point >= 0xd800 && point <= 0xdfff) && !Marks.isPictograph(point)
              ? Character.toString(point)
              : " ";
    }
    if (sign == null) {
      return false;
    }
    if (sign.isBlank()) {
      out.blank(' ');
      out.leaveOut(i, SpokenOut.Pause.NONE);
      text.take(i + 1);
    } else {
      say(sign, i + 1);
    }
    return true;
  }

  private boolean dollar() {
    if (text.peek(1) == '$') {
      return formula(2, "$$", true);
    }
    int before = text.previous();
    if (Marks.isWord(before) || Marks.isBlankOrEnd(text.peek(1))) {
      return false;
    }
    int depth = 0;
    for (int i = 1; i < REACH; i++) {
      int c = text.peek(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == '\\') {
        i++;
      } else if (c == '$') {
        return closeFormula(i);
      } else if (c == '\n' || c == Ahead.END || (depth == 0 && isProse(c, i))) {
        return false;
      }
    }
    return false;
  }

  private boolean closeFormula(int end) {
    if (Marks.isBlank(text.peek(end - 1)) || Marks.isWord(text.peek(end + 1))) {
      return false;
    }
    String inner = text.text(1, end);
    if (!isFormula(inner)) {
      return false;
    }
    say(Formula.spoken(inner), end + 1);
    return true;
  }

  /** Two words side by side, or a sentence that goes on: that dollar was a price. */
  private boolean isProse(int c, int at) {
    if (c >= 0x2e80) {
      return true;
    }
    if (!Marks.isBlank(c)) {
      return false;
    }
    boolean sentence = ".;:!?".indexOf(text.peek(at - 1)) >= 0;
    return sentence
        || (Marks.isAsciiLetter(text.peek(at + 1)) && Marks.isAsciiLetter(text.peek(at + 2)));
  }

  /** And no price, though two of them stand in one line. */
  private static boolean isFormula(String inner) {
    return inner.chars().anyMatch(c -> "\\^_=+<>{".indexOf(c) >= 0)
        || (inner.length() <= 12 && inner.indexOf(' ') < 0);
  }

  /**
   * @param displayed whether it may go over lines; then it is left out if it is longer than anybody
   *     would read
   */
  private boolean formula(int begin, String end, boolean displayed) {
    int i = begin;
    while (i < REACH) {
      int c = text.peek(i);
      if (c == Ahead.END || (c == '\n' && !displayed)) {
        break;
      }
      if (text.startsWith(i, end)) {
        say(Formula.spoken(text.text(begin, i)), i + end.length());
        return true;
      }
      i++;
    }
    if (displayed && i >= REACH) {
      drop(begin);
      skip = Skip.FORMULA;
      skipEnd = end;
    } else {
      drop(end.equals("$$") ? 2 : 1);
    }
    return true;
  }

  // -- what is left out ---------------------------------------------------------------------------

  private void skipOn() {
    int c = text.peek(0);
    switch (skip) {
      case FENCE -> skipFence(c);
      case ELEMENT -> {
        if (c == '<'
            && text.startsWithIgnoringCase(0, skipEnd)
            && text.peek(skipEnd.length()) == '>') {
          drop(skipEnd.length() + 1);
          skip = Skip.NOTHING;
        } else {
          drop(1);
        }
      }
      case COMMENT, FORMULA -> {
        if (text.startsWith(0, skipEnd)) {
          drop(skipEnd.length());
          skip = Skip.NOTHING;
        } else {
          drop(1);
        }
      }
      case TARGET -> skipTarget(c);
      case ADDRESS -> skipAddress(c);
      case PRIVATE -> {
        drop(1);
        if (c == 0xe201 || c == '\n') {
          skip = Skip.NOTHING;
        }
      }
      default -> {
        if (c == '\n') {
          skip = Skip.NOTHING;
        } else {
          drop(1);
        }
      }
    }
  }

  private void skipFence(int c) {
    if (!skipLineStart) {
      skipLineStart = c == '\n';
      drop(1);
      return;
    }
    int at = 0;
    while (at < REACH && (Marks.isBlank(text.peek(at)) || text.peek(at) == '>')) {
      at++;
    }
    if (text.peek(at) == skipMark && run(at) >= skipCount) {
      int end = at + run(at);
      while (end < REACH && Marks.isBlank(text.peek(end))) {
        end++;
      }
      int after = text.peek(end);
      if (after == '\n' || after == Ahead.END) {
        drop(end);
        skip = Skip.NOTHING;
        return;
      }
    }
    skipLineStart = text.peek(0) == '\n';
    drop(1);
  }

  private void skipTarget(int c) {
    if (c == '\n') {
      skip = Skip.NOTHING;
      return;
    }
    if (c == '\\' && text.peek(1) != Ahead.END && text.peek(1) != '\n') {
      drop(2);
      return;
    }
    if (c == skipMark) {
      skipCount--;
    } else if (c == (skipMark == ')' ? '(' : '[')) {
      skipCount++;
    }
    drop(1);
    if (skipCount == 0) {
      skip = Skip.NOTHING;
    }
  }

  private void skipAddress(int c) {
    if (".,;:!?'".indexOf(c) >= 0) {
      int run = 1;
      while (run < REACH && ".,;:!?'".indexOf(text.peek(run)) >= 0) {
        run++;
      }
      if (!isInAddress(text.peek(run))) {
        skip = Skip.NOTHING;
        return;
      }
    } else if (!isInAddress(c)) {
      skip = Skip.NOTHING;
      return;
    }
    skipCount += c == '(' ? 1 : c == ')' ? -1 : 0;
    drop(1);
  }

  /**
   * The whole of a text at once.
   *
   * @return what is to be spoken, perhaps nothing
   */
  public static String clean(String whole) {
    TextCleaner cleaner = new TextCleaner();
    return cleaner.feed(whole) + cleaner.finish();
  }
}
