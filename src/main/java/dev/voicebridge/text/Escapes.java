package dev.voicebridge.text;

/** Backslashes, which make a mark ordinary or begin a formula. */
final class Escapes {
  /** What a backslash makes ordinary. */
  private static final String ESCAPABLE = "*_#|~`>-+.!${}]";

  /** And of that, what may follow one in a path. */
  private static final String IN_PATHS = "-.!${}+>~";

  private final Page page;
  private final Ahead text;
  private final FormulaMarks formulas;

  Escapes(Page page, FormulaMarks formulas) {
    this.page = page;
    this.text = page.text;
    this.formulas = formulas;
  }

  boolean backslash() {
    int next = text.peek(1);
    if (next == '(') {
      return formulas.formula("\\)", false);
    }
    if (next == '[') {
      return formulas.formula("\\]", true);
    }
    if (ESCAPABLE.indexOf(next) < 0) {
      return false;
    }
    boolean path =
        Marks.isWord(text.previous())
            && IN_PATHS.indexOf(next) >= 0
            && !(next == '.' && Marks.isDigit(text.previous()));
    if (path) {
      return false;
    }
    page.drop(1);
    page.copy(next);
    return true;
  }
}
