package dev.voicebridge.emulator.wire;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the guest's language model says: it has no sense, but a reply for what people try first, in
 * Chinese and English, and an echo for everything else.
 */
final class ChatScript {
  private static final Pattern HAN = Pattern.compile("\\p{IsHan}");

  /** A Chinese word is a token or two; elsewhere a word with the blanks before it. */
  private static final Pattern TOKEN =
      Pattern.compile("\\p{IsHan}{1,2}|\\s*[\\p{L}\\p{N}']+|\\s*\\R+|\\s*.|\\s+$", Pattern.DOTALL);

  /** A role that the system message gives: "You are a grumpy blacksmith." */
  private static final Pattern ROLE_EN =
      Pattern.compile("you are (?:an? |the )?([^.,;:!?\\n]{2,48})", Pattern.CASE_INSENSITIVE);

  private static final Pattern ROLE_ZH =
      Pattern.compile("你(?:现在)?是(?:一[个位名只])?([^，。；！？,.\\n]{1,16})");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,2}");
  private static final int LONGEST_ECHO = 60;

  /** The first that fits counts. */
  private static final List<Cue> ZH =
      List.of(
          new Cue("你是谁|你叫什么|介绍一下", "我是%s。我没有真正的智能，只会照着剧本说话，这样不用任何密钥也能试一试从文字到声音的全过程。"),
          new Cue(
              "故事|讲一个",
              "从前，海边的小镇上住着一位灯塔看守人。每天傍晚，他都会爬上九十九级台阶，点亮那盏旧灯。"
                  + "有一天夜里，大雾把整片海都藏了起来。看守人听见远处传来微弱的钟声，便一遍又一遍地敲响自己的铜钟。"
                  + "钟声穿过雾气，一艘迷路的小船慢慢靠了岸。船上的孩子跑过来，抱住他说：“谢谢您，是您的钟声带我们回家。”"
                  + "从那以后，镇上的人都说，雾再大，只要听得见钟声，就找得到家。"),
          new Cue(
              "步骤|怎么做|做法|列表|清单|markdown",
              "## 番茄炒蛋\n\n做法很简单，只要**三步**：\n\n1. 把 *两个鸡蛋* 打散，加一点盐。\n2. 番茄切块，先炒出汁。\n"
                  + "3. 倒入鸡蛋，翻炒一分钟，出锅！\n\n> 小贴士：加半勺糖更鲜。😋\n\n详细图文见 [这里](https://example.com/recipe)。"),
          new Cue("代码|程序", "可以这样写：\n\n```python\nprint(\"你好，世界\")\n```\n\n运行之后，屏幕上会出现一句问候。"),
          new Cue("天气", "我看不到窗外，不过剧本里写着：今天多云转晴，最高气温 26℃，适合出门走走。"),
          new Cue("谢谢|再见", "不客气，随时再来找我聊天。再见！"),
          new Cue("你好|您好|早上好|晚上好|hello|hi", "你好！很高兴听到你的消息。今天想聊点什么？"));

  private static final List<Cue> EN =
      List.of(
          new Cue(
              "who are you|your name|introduce yourself",
              "I'm %s. I have no mind of my own: I follow a script, so that you can try the whole way"
                  + " from text to speech without any key."),
          new Cue(
              "story|tale",
              "Once upon a time, an old keeper lived in a lighthouse by the sea. Every evening he climbed"
                  + " ninety-nine steps and lit the lamp. One night a thick fog hid the whole bay. The"
                  + " keeper heard a faint bell far away, so he rang his own again and again. At last a"
                  + " small boat found the shore. A child jumped out and said, \"Thank you. Your bell"
                  + " brought us home.\" Ever since, people in the village say: however thick the fog,"
                  + " as long as you can hear the bell, you can find your way."),
          new Cue(
              "steps|recipe|how (do|to)|list|markdown",
              "## Tomato and eggs\n\nIt takes just **three steps**:\n\n1. Beat *two eggs* with a pinch of"
                  + " salt.\n2. Cut the tomatoes and fry them until they are soft.\n3. Pour in the eggs,"
                  + " stir for a minute, done!\n\n> Tip: half a spoon of sugar helps. 😋\n\nMore is"
                  + " [here](https://example.com/recipe)."),
          new Cue(
              "\\bcode\\b|program",
              "You could write:\n\n```python\nprint(\"Hello, world\")\n```\n\nRun it, and a greeting"
                  + " appears on the screen."),
          new Cue(
              "weather",
              "I can't look out of the window, but the script says: cloudy at first, sunny later, up to"
                  + " 26 degrees. A good day for a walk."),
          new Cue("thank|bye", "You're welcome. Come back whenever you like. Goodbye!"),
          new Cue(
              "^(hello|hi|hey|good (morning|evening))\\b",
              "Hello! It's good to hear from you. What shall we talk about today?"));

  private ChatScript() {}

  /**
   * @param prompt a pattern that is in the last message, lower case
   * @param reply what is said to it; {@code %s} is who speaks
   */
  private record Cue(Pattern prompt, String reply) {
    Cue(String prompt, String reply) {
      this(Pattern.compile(prompt), reply);
    }
  }

  /**
   * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
   */
  record Line(String role, String content) {}

  /**
   * @param thought what it thinks before it answers
   */
  record Reply(String thought, String text) {}

  static Reply to(List<Line> lines) {
    String last = "";
    String system = "";
    int prompts = 0;
    for (Line line : lines) {
      if (line.role.equals("user")) {
        last = line.content.strip();
        prompts++;
      } else if (line.role.equals("system")) {
        system += line.content + "\n";
      }
    }
    // Who says only "3" goes on in the language of the conversation.
    boolean chinese =
        HAN.matcher(last).find() || (!last.matches(".*[A-Za-z].*") && HAN.matcher(system).find());
    return chinese
        ? new Reply("用户说了一句中文，我应当简短、友好地回答。", chinese(last, system, prompts))
        : new Reply(
            "The user wrote in English, so I should answer briefly and kindly.",
            english(last, system, prompts));
  }

  private static String chinese(String last, String system, int prompts) {
    String role = role(ROLE_ZH, system);
    if (last.contains("数到")) {
      return counted(last, "，") + "。数完了！";
    }
    String known = known(ZH, last, role.isEmpty() ? "一个内置的演示模型" : role);
    if (known != null) {
      return known;
    }
    String echo = shortened(last.replaceAll("[。！？!?.，,\\s]+$", ""));
    return (role.isEmpty() ? "" : "作为" + role + "，")
        + "我听到你说：“"
        + echo
        + "”。"
        + (prompts > 1 ? "这是你对我说的第" + prompts + "句话，前面的我也都看到了。" : "")
        + "我只是一个照着剧本说话的演示模型，换上真正的语言模型，这里就会是它的回答。";
  }

  private static String english(String last, String system, int prompts) {
    String role = role(ROLE_EN, system);
    if (last.toLowerCase(Locale.ROOT).contains("count to")) {
      return counted(last, ", ") + ". That's it!";
    }
    String known =
        known(EN, last, role.isEmpty() ? "a demo model that comes with this server" : role);
    if (known != null) {
      return known;
    }
    String echo = shortened(last.replaceAll("[.!?,\\s]+$", ""));
    return (role.isEmpty() ? "" : "As " + role + ", ")
        + "I heard you say: \""
        + (echo.isEmpty() ? "nothing at all" : echo)
        + "\". "
        + (prompts > 1
            ? "That was prompt number " + prompts + ", and I have seen the others. "
            : "")
        + "I only follow a script; with a real language model, its answer would be spoken here.";
  }

  private static String role(Pattern pattern, String system) {
    Matcher found = pattern.matcher(system);
    return found.find() ? found.group(1).strip() : "";
  }

  private static @Nullable String known(List<Cue> script, String last, String role) {
    String lower = last.toLowerCase(Locale.ROOT);
    return script.stream()
        .filter(cue -> cue.prompt.matcher(lower).find())
        .map(cue -> cue.reply.replace("%s", role))
        .findFirst()
        .orElse(null);
  }

  private static String counted(String last, String separator) {
    Matcher number = NUMBER.matcher(last);
    int to = number.find() ? Math.max(1, Integer.parseInt(number.group())) : 10;
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= to; i++) {
      text.append(i == 1 ? "" : separator).append(i);
    }
    return text.toString();
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_ECHO
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_ECHO)) + "…";
  }

  /** The pieces in which it is written; together they are the text. */
  static List<String> tokens(String text) {
    return TOKEN.matcher(text).results().map(found -> found.group()).toList();
  }
}
