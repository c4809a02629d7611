/** Texts to read aloud for a sample: about 15 s each, plain to say, with most sounds of their language in them. */
const READINGS = {
  zh: '清晨的菜市场总是特别热闹。卖豆腐的阿姨一边招呼客人，一边把刚出锅的豆浆装进杯子里，空气里飘着葱花和热油的香味。我买了两个包子，坐在路边慢慢吃，看着阳光一点一点照到对面的屋顶上。',
  en: 'On Saturday mornings I walk down to the harbour before the shops open. The fishermen are mending their nets, a radio plays somewhere, and the smell of fresh bread drifts over from the bakery. I buy a warm roll, sit on the wall, and watch the boats go out.',
  yue: '朝早嘅街市總係好熱鬧。賣豆腐嘅姨姨一邊招呼客人，一邊將啱啱煲好嘅豆漿倒入杯，空氣入面全部都係蔥花同熱油嘅香味。我買咗兩個包，坐喺路邊慢慢食，睇住陽光一啲一啲照到對面嘅屋頂。',
  ja: '土曜日の朝は、店が開く前に港まで歩いていきます。漁師さんたちが網を直していて、どこかでラジオが鳴り、パン屋からは焼きたての香りが流れてきます。温かいパンを一つ買って、堤防に座り、船が出ていくのをゆっくり眺めます。',
  ko: '토요일 아침이면 가게가 문을 열기 전에 항구까지 걸어갑니다. 어부들은 그물을 손질하고, 어디선가 라디오 소리가 들리고, 빵집에서는 갓 구운 빵 냄새가 풍겨 옵니다. 따뜻한 빵을 하나 사서 방파제에 앉아 배들이 나가는 모습을 천천히 바라봅니다.',
  de: 'Am Samstagmorgen gehe ich zum Hafen hinunter, bevor die Läden öffnen. Die Fischer flicken ihre Netze, irgendwo spielt ein Radio, und aus der Bäckerei zieht der Duft von frischem Brot herüber. Ich kaufe ein warmes Brötchen, setze mich auf die Mauer und sehe zu, wie die Boote hinausfahren.',
  fr: 'Le samedi matin, je descends au port avant l’ouverture des magasins. Les pêcheurs réparent leurs filets, une radio joue quelque part, et l’odeur du pain frais arrive de la boulangerie. J’achète un petit pain chaud, je m’assieds sur le mur et je regarde les bateaux partir.',
  es: 'Los sábados por la mañana bajo al puerto antes de que abran las tiendas. Los pescadores arreglan sus redes, en algún lugar suena una radio y desde la panadería llega el olor a pan recién hecho. Compro un bollo caliente, me siento en el muro y miro cómo salen los barcos.',
  it: 'Il sabato mattina scendo al porto prima che aprano i negozi. I pescatori riparano le reti, da qualche parte suona una radio e dal forno arriva il profumo del pane fresco. Compro un panino caldo, mi siedo sul muretto e guardo le barche che escono in mare.',
  pt: 'Aos sábados de manhã desço até ao porto antes de as lojas abrirem. Os pescadores consertam as redes, um rádio toca algures e da padaria chega o cheiro a pão fresco. Compro um pãozinho quente, sento-me no muro e vejo os barcos a sair.',
  ru: 'По субботам утром я иду к гавани, пока магазины ещё закрыты. Рыбаки чинят сети, где-то играет радио, а из пекарни доносится запах свежего хлеба. Я покупаю тёплую булочку, сажусь на стену и смотрю, как лодки уходят в море.',
};

/** @param {string} tag of `PHRASES` */
export function readingFor(tag) {
  return READINGS[tag];
}
