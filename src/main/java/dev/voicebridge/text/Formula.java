package dev.voicebridge.text;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A formula as LaTeX writes it, in signs that a voice knows how to read. */
final class Formula {
  private static final Map<String, String> SIGNS = new HashMap<>();

  /** Say nothing but how it looks. */
  private static final Set<String> LOOKS =
      Set.of(
          "left",
          "right",
          "big",
          "Big",
          "bigg",
          "Bigg",
          "displaystyle",
          "textstyle",
          "limits",
          "boxed",
          "text",
          "textbf",
          "textit",
          "mathrm",
          "mathbf",
          "mathit",
          "mathbb",
          "mathcal",
          "mathsf",
          "operatorname",
          "vec",
          "hat",
          "bar",
          "overline",
          "underline",
          "tilde",
          "dot",
          "nonumber",
          "quad",
          "qquad",
          "hline",
          "large",
          "small",
          "rm",
          "bf");

  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  static {
    String[] pairs = {
      "times",
      "×",
      "cdot",
      "·",
      "div",
      "÷",
      "pm",
      "±",
      "mp",
      "∓",
      "leq",
      "≤",
      "le",
      "≤",
      "geq",
      "≥",
      "ge",
      "≥",
      "neq",
      "≠",
      "ne",
      "≠",
      "approx",
      "≈",
      "equiv",
      "≡",
      "sim",
      "∼",
      "propto",
      "∝",
      "infty",
      "∞",
      "pi",
      "π",
      "alpha",
      "α",
      "beta",
      "β",
      "gamma",
      "γ",
      "delta",
      "δ",
      "epsilon",
      "ε",
      "varepsilon",
      "ε",
      "zeta",
      "ζ",
      "eta",
      "η",
      "theta",
      "θ",
      "lambda",
      "λ",
      "mu",
      "μ",
      "nu",
      "ν",
      "xi",
      "ξ",
      "rho",
      "ρ",
      "sigma",
      "σ",
      "tau",
      "τ",
      "phi",
      "φ",
      "varphi",
      "φ",
      "chi",
      "χ",
      "psi",
      "ψ",
      "omega",
      "ω",
      "Gamma",
      "Γ",
      "Delta",
      "Δ",
      "Theta",
      "Θ",
      "Lambda",
      "Λ",
      "Sigma",
      "Σ",
      "Phi",
      "Φ",
      "Psi",
      "Ψ",
      "Omega",
      "Ω",
      "sum",
      "∑",
      "prod",
      "∏",
      "int",
      "∫",
      "partial",
      "∂",
      "nabla",
      "∇",
      "to",
      "→",
      "rightarrow",
      "→",
      "Rightarrow",
      "⇒",
      "implies",
      "⇒",
      "leftarrow",
      "←",
      "iff",
      "⇔",
      "in",
      "∈",
      "notin",
      "∉",
      "subset",
      "⊂",
      "subseteq",
      "⊆",
      "cup",
      "∪",
      "cap",
      "∩",
      "emptyset",
      "∅",
      "forall",
      "∀",
      "exists",
      "∃",
      "angle",
      "∠",
      "triangle",
      "△",
      "perp",
      "⊥",
      "parallel",
      "∥",
      "circ",
      "°",
      "degree",
      "°",
      "ldots",
      "…",
      "cdots",
      "…",
      "dots",
      "…",
      "prime",
      "′",
      "therefore",
      "∴",
      "because",
      "∵",
      "sin",
      "sin",
      "cos",
      "cos",
      "tan",
      "tan",
      "log",
      "log",
      "ln",
      "ln",
      "lg",
      "lg",
      "lim",
      "lim",
      "max",
      "max",
      "min",
      "min",
      "exp",
      "exp",
      "mod",
      "mod",
      "bmod",
      "mod",
      "gcd",
      "gcd"
    };
    for (int i = 0; i < pairs.length; i += 2) {
      SIGNS.put(pairs[i], pairs[i + 1]);
    }
  }

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private Formula(String source) {
    this.source = source;
  }

  /**
   * @return without blanks at its ends; perhaps empty
   */
  static String spoken(String latex) {
    Formula formula = new Formula(latex);
    while (formula.at < latex.length()) {
      formula.next();
    }
    return formula.out.toString().replaceAll("\\s+", " ").strip();
  }

  private void next() {
    char c = source.charAt(at);
    if (c == '\\') {
      command();
      return;
    }
    at++;
    switch (c) {
      case '{', '}', '&', '$' -> {}
      case '~' -> out.append(' ');
      case '^' -> power();
      case '_' -> {
        // "x_1" is read "x one".
      }
      default -> out.append(c);
    }
  }

  private void power() {
    String exponent = group();
    int digit = exponent.length() == 1 ? exponent.charAt(0) - '0' : -1;
    if (digit >= 0 && digit <= 9) {
      out.append(SUPERSCRIPTS.charAt(digit));
    } else if (exponent.equals("°") || exponent.equals("′")) {
      out.append(exponent);
    } else if (!exponent.isEmpty()) {
      out.append('^').append(exponent);
    }
  }

  private void command() {
    int begin = ++at;
    while (at < source.length() && Marks.isAsciiLetter(source.charAt(at))) {
      at++;
    }
    String name = source.substring(begin, at);
    if (name.isEmpty()) {
      if (at < source.length()) {
        char sign = source.charAt(at++);
        out.append("%$#&_".indexOf(sign) >= 0 ? sign : ' ');
      }
      return;
    }
    String sign = SIGNS.get(name);
    if (sign != null) {
      boolean isName = Marks.isAsciiLetter(sign.charAt(0));
      out.append(isName ? " " + sign + " " : sign);
      if (!isName && at < source.length() && source.charAt(at) == ' ') {
        // The blank only ended the name.
        boolean spaced = begin >= 2 && source.charAt(begin - 2) == ' ';
        at += spaced ? 0 : 1;
      }
    } else if (name.endsWith("frac")) {
      String above = group();
      out.append(parted(above)).append('/').append(parted(group()));
    } else if (name.equals("sqrt")) {
      if (at < source.length() && source.charAt(at) == '[') {
        int end = source.indexOf(']', at);
        at = end < 0 ? source.length() : end + 1;
      }
      out.append('√').append(parted(group()));
    } else if (name.equals("begin") || name.equals("end")) {
      group();
      out.append(' ');
    } else if (!LOOKS.contains(name)) {
      out.append(' ').append(name).append(' ');
    } else if (name.endsWith("quad")) {
      out.append(' ');
    }
  }

  /** What a division or root is of: one thing, or in brackets. */
  private static String parted(String part) {
    return part.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == '.')
        ? part
        : "(" + part + ")";
  }

  /** The next group in braces, or the next sign. */
  private String group() {
    while (at < source.length() && source.charAt(at) == ' ') {
      at++;
    }
    if (at == source.length()) {
      return "";
    }
    int begin = at;
    if (source.charAt(at) != '{') {
      if (source.charAt(at) == '\\') {
        at++;
        while (at < source.length() && Marks.isAsciiLetter(source.charAt(at))) {
          at++;
        }
      } else {
        at++;
      }
      return spoken(source.substring(begin, at));
    }
    int depth = 0;
    while (at < source.length()) {
      char c = source.charAt(at++);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return spoken(source.substring(begin + 1, at - 1));
      }
    }
    return spoken(source.substring(begin + 1));
  }
}
