package dev.voicebridge.text;

import java.util.List;

/** Faces drawn with letters and signs. */
final class Faces {
  /** In brackets, so many units at most. */
  private static final int MAX_FACE = 14;

  private static final int MAX_ARM = 10;

  /** What only a face has; two of them in one pair of brackets make one. */
  private static final String FEATURES =
      "｡ﾟ･・´｀≧≦▽∀ωДд°□ಠ益◕‿╥﹏╰╯◠◡ᴗ⌒∇￣ε皿╭╮︶︿✧˘³ㅂ눈ΦヮʘʖᴥツシΘ∩•̀́˙꒳っづ◍☆★♡♥❤๑ノﾉ〃∂∠₍₎ᵔᴥ﹃⊙△";

  private static final String STROKES = " _.^><*;-~|/\\'`\"=oOTQuwxvV";
  private static final String RIGHT_ARMS = "ノﾉ╯╮づっゞ┛┓۶ง✧♪♡☆︵┻━┳▔";
  private static final String LEFT_ARMS = "ヽ╰┗┏٩ლ＼\\╮୧ᕕ∠¯";

  private static final List<String> BARE =
      List.of(
          "-_-||", "*^_^*", "^_^", "^o^", "^^", ">_<", ">.<", "T_T", "T^T", "-_-", "=_=", "@_@",
          ";_;", ":-)", ":)", ":-D", ":D", ";-)", ";)", ":-P", ":P", ":-(", ":(", ":'(");

  private static final String BEGINNINGS = "-*^>T=@;:";

  /** The ones that are ASCII in brackets, too. */
  private static final List<String> BRACKETED =
      List.of(
          "^_^", "^-^", "^^", "^o^", "^.^", ">_<", "T_T", "-_-", "o_o", "O_O", "*^_^*", ";_;",
          "=_=", "@_@", "._.", ">.<", "T^T", "¬_¬");

  private Faces() {}

  /**
   * @return how long the face is that begins here; zero: none
   */
  static int length(Ahead text) {
    int c = text.peek(0);
    if (BEGINNINGS.indexOf(c) >= 0) {
      return bare(text);
    }
    if (c == '(' || c == '（') {
      return bracketed(text, 0);
    }
    if (LEFT_ARMS.indexOf(c) >= 0) {
      int at = 1;
      while (at < 4 && "\\_¯ ".indexOf(text.peek(at)) >= 0) {
        at++;
      }
      int bracket = text.peek(at);
      int length = bracket == '(' || bracket == '（' ? bracketed(text, at) : 0;
      if (length == 0) {
        return 0;
      }
      // The right arm of a shrug.
      int end = length;
      while (end < length + 3 && "_/¯".indexOf(text.peek(end)) >= 0) {
        end++;
      }
      return end;
    }
    return 0;
  }

  private static int bare(Ahead text) {
    if (!mayBorder(text.previous())) {
      return 0;
    }
    for (String face : BARE) {
      if (text.startsWith(0, face) && mayBorder(text.peek(face.length()))) {
        return face.length();
      }
    }
    return 0;
  }

  private static boolean mayBorder(int c) {
    return Marks.isBlankOrEnd(c) || c >= 0x2e80 || ".,!?~".indexOf(c) >= 0;
  }

  /**
   * @param open where its bracket is
   */
  private static int bracketed(Ahead text, int open) {
    int features = 0;
    for (int i = open + 1; i <= open + MAX_FACE; i++) {
      int c = text.peek(i);
      if (c == ')' || c == '）') {
        boolean shrug = open > 0 && text.text(open + 1, i).equals("ツ");
        boolean face = shrug || features >= 2 || BRACKETED.contains(text.text(open + 1, i).strip());
        return face ? withArms(text, i + 1) : 0;
      }
      if (FEATURES.indexOf(c) >= 0) {
        features++;
      } else if (STROKES.indexOf(c) < 0 && c != '¬') {
        return 0;
      }
    }
    return 0;
  }

  private static int withArms(Ahead text, int end) {
    int arms = end;
    for (int i = end; i < end + MAX_ARM; i++) {
      int c = text.peek(i);
      if (RIGHT_ARMS.indexOf(c) >= 0) {
        arms = i + 1;
      } else if (c != ' ') {
        break;
      }
    }
    return arms;
  }
}
