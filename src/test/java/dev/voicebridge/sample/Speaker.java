package dev.voicebridge.sample;

import dev.voicebridge.emulator.engine.SpeechEngine;
import dev.voicebridge.emulator.engine.SpeechEngine.Utterance;
import java.util.ArrayList;
import java.util.List;

/** Samples of clean speech from the guest's engine, with a room's faint noise behind them. */
record Speaker(String voice, List<String> sentences) {
  static final int RATE = 24_000;
  private static final int SAMPLE_MS = 13_000;

  /** Voices and texts that thresholds were tuned on. */
  static final List<Speaker> TUNING =
      speakers(
          List.of("Cherry", "Ethan", "Serena", "Dylan"),
          List.of(
              List.of("今天的天气非常好，我们一起去公园散步吧。", "公园里有很多花，还有一个小湖。", "孩子们在草地上跑来跑去，笑得很开心。"),
              List.of(
                  "The train to the north leaves at a quarter past nine.",
                  "Please take your seats and keep your tickets ready.",
                  "We hope that you will have a pleasant journey with us."),
              List.of(
                  "Der alte Mann ging langsam durch den Wald.",
                  "Er suchte Pilze und fand nur einen kleinen Igel.",
                  "Am Abend erzählte er seiner Frau davon.")));

  /** Voices and texts that nothing was tuned on: six voices by nine texts. */
  static final List<Speaker> HELD_OUT =
      speakers(
          List.of("Jennifer", "Ryan", "Katerina", "Elias", "Sunny", "longxiaochun"),
          List.of(
              List.of("小时候，奶奶常常给我讲故事。", "她的声音很慢，也很温柔。", "现在我把这些故事讲给我的女儿听。"),
              List.of("请您在听到提示音以后留言。", "我们的工作人员会尽快与您联系，感谢您的来电。", "祝您生活愉快，再见。"),
              List.of(
                  "A good cook tastes everything twice before it reaches the table.",
                  "My brother never learned that, and his soup was famous for it.",
                  "Nobody ever asked him for the recipe."),
              List.of(
                  "Whenever it rained, the old lighthouse keeper played chess against himself.",
                  "He claimed that he lost more games than he won.",
                  "The seagulls were not impressed."),
              List.of(
                  "O padeiro da minha rua não abre a loja antes das sete.",
                  "Os clientes esperam em silêncio com os jornais na mão.",
                  "Depois ele oferece café quente para todos."),
              List.of(
                  "El tren llegó con dos horas de retraso a la estación.",
                  "Los viajeros compraron pan y fruta en el mercado.",
                  "Nadie parecía tener mucha prisa."),
              List.of(
                  "Сегодня утром мы долго гуляли по берегу реки.",
                  "Вода была холодной, но солнце уже светило.",
                  "Потом мы пили чай на старой кухне."),
              List.of(
                  "Il gatto del vicino dorme sempre sulla nostra finestra.",
                  "Quando apriamo la porta, scappa in giardino.",
                  "La sera torna e vuole del latte."),
              List.of(
                  "Gestern haben wir endlich das neue Regal aufgebaut.",
                  "Drei Schrauben blieben übrig, und niemand wusste warum.",
                  "Seitdem steht kein Buch mehr darin.")));

  /** Voices and texts that were written after the thresholds were final: as many again. */
  static final List<Speaker> FRESH =
      speakers(
          List.of("Vincent", "Bellona", "Nofish", "Ebona", "Marcus", "longyue"),
          List.of(
              List.of("老王在路口开了一家修鞋的小店。", "他一边干活，一边跟客人聊最近的新鲜事。", "鞋子修好了，故事往往还没讲完。"),
              List.of("各位乘客，前方到站是火车站广场。", "请带好随身物品，从后门依次下车。", "换乘三号线的乘客请走地下通道。"),
              List.of("山里的夜晚特别安静，只听得见虫鸣。", "我们围着火堆坐下，谁也不想先去睡觉。", "月亮慢慢地爬上了对面的山坡。"),
              List.of(
                  "The museum keeps its smallest painting in the largest room.",
                  "Visitors walk past it twice and then ask the guard for directions.",
                  "He points at the wall behind him and says nothing."),
              List.of(
                  "Before you open the valve, make sure that both gauges read zero.",
                  "Turn the handle slowly and listen for a change in the sound.",
                  "If anything smells of gas, leave the building at once."),
              List.of(
                  "Le facteur passe tous les matins devant notre maison.",
                  "Il connaît le nom de tous les chiens du quartier.",
                  "Pour une fois, il nous a apporté une bonne nouvelle."),
              List.of(
                  "Der Bäcker an der Ecke hat heute früher geschlossen.",
                  "Auf dem Zettel an der Tür steht, dass er angeln ist.",
                  "Wir haben ihm einen großen Fisch und viel Glück gewünscht."),
              List.of(
                  "La abuela guarda las fotos en una caja de galletas.",
                  "Cuando llueve, las saca y nos cuenta quién es quién.",
                  "Siempre hay una cara de la que nadie se acuerda."),
              List.of(
                  "Старый трамвай медленно поднимался на холм.",
                  "На последней остановке вышли только двое.",
                  "Внизу уже зажигались вечерние огни.")));

  /** Voices and texts, most of the voices low, that were written after the last change to hum. */
  static final List<Speaker> FRESH_FOR_HUM =
      speakers(
          List.of("Kai", "Alek", "Li", "longcheng", "zhide", "Stella"),
          List.of(
              List.of("巷子口的面馆每天只卖一百碗面。", "师傅说，多做一碗，味道就不对了。", "所以天不亮门口就排起了长队。"),
              List.of("海边的风很大，帽子一下子就飞走了。", "一只小狗追着它跑过整个沙滩。", "最后帽子湿了，小狗却很得意。"),
              List.of(
                  "The elevator in our building speaks with a very polite voice.",
                  "It apologises for every floor, even the pleasant ones.",
                  "I have started to thank it when nobody else is there."),
              List.of(
                  "Fold the paper twice along the dotted line and press it flat.",
                  "The two corners on the left should now meet in the middle.",
                  "If they don't, begin again with a larger sheet."),
              List.of(
                  "Im Keller fanden wir ein Radio aus den fünfziger Jahren.",
                  "Es brummte eine Weile und spielte dann einen langsamen Walzer.",
                  "Großmutter behauptete, das sei immer noch dieselbe Sendung."),
              List.of(
                  "Mon oncle élève des abeilles sur le toit de son immeuble.",
                  "Les voisins se plaignaient, jusqu'au premier pot de miel.",
                  "Maintenant, ils lui demandent quand vient la récolte."),
              List.of(
                  "O ônibus parou no meio da ponte por causa do nevoeiro.",
                  "O motorista desligou o motor e contou uma história comprida.",
                  "Ninguém reclamou quando a estrada ficou livre."),
              List.of(
                  "En la plaza hay un reloj que siempre marca las cuatro.",
                  "Los turistas le hacen fotos y luego pierden el autobús.",
                  "El alcalde dice que así se quedan a cenar."),
              List.of(
                  "Il vecchio pianoforte della scuola ha perso tre tasti.",
                  "La maestra suona lo stesso e canta le note che mancano.",
                  "I bambini pensano che la musica si faccia così.")));

  private static List<Speaker> speakers(List<String> voices, List<List<String>> texts) {
    List<Speaker> all = new ArrayList<>();
    for (List<String> text : texts) {
      for (String voice : voices) {
        all.add(new Speaker(voice, text));
      }
    }
    return all;
  }

  /** About 13 s of speech with pauses of a third of a second to a second. */
  Recording speak(SpeechEngine engine) {
    List<short[]> spoken = new ArrayList<>();
    for (String sentence : sentences) {
      List<short[]> blocks = new ArrayList<>();
      engine.speak(
          new Utterance(sentence, voice, "Auto", 0.95, 1, 50, RATE),
          new SpeechEngine.Sink() {
            @Override
            public boolean samples(short[] samples) {
              blocks.add(samples);
              return true;
            }

            @Override
            public void word(int beginIndex, int endIndex, int beginMs, int endMs) {}
          });
      spoken.add(Recording.trimmed(Recording.join(blocks)));
    }
    Recording recording = new Recording(RATE);
    recording.silence(300);
    for (int i = 0; recording.ms() < SAMPLE_MS; i++) {
      recording.sentence(spoken.get(i % spoken.size()));
      recording.silence(350 + 137 * (i % 4));
    }
    // A quiet room: 55 dB under the speech.
    return recording.noise(55, 0, recording.ms(), hashCode());
  }
}
