/** What to say when nobody has typed anything yet: one text per language, and scenes in two. */

export const PHRASES = [
  { tag: 'zh', lang: 'zh-CN', label: '普通话', text: '夜里下了一场小雨，清晨的街道闻起来有青草的味道。早上好，今天想听点什么？' },
  {
    tag: 'en',
    lang: 'en',
    label: 'English',
    text: 'It rained a little in the night, and this morning the whole street smells of grass. Good morning. What would you like to hear?',
  },
  { tag: 'yue', lang: 'zh-HK', label: '粵語', text: '琴晚落咗一陣雨，今朝成條街都係草嘅香味。早晨，今日想聽啲咩呀？' },
  {
    tag: 'ja',
    lang: 'ja',
    label: '日本語',
    text: '昨夜は小雨が降って、今朝の通りには草の香りがします。おはようございます。今日は何を聞きましょうか。',
  },
  { tag: 'ko', lang: 'ko', label: '한국어', text: '밤새 비가 조금 내려서 아침 거리에서 풀 향기가 나요. 좋은 아침이에요. 오늘은 무엇을 들어 볼까요?' },
  {
    tag: 'de',
    lang: 'de',
    label: 'Deutsch',
    text: 'In der Nacht hat es ein wenig geregnet, und die ganze Straße duftet nach Gras. Guten Morgen, was möchten Sie heute hören?',
  },
  {
    tag: 'fr',
    lang: 'fr',
    label: 'Français',
    text: 'Il a plu un peu cette nuit, et toute la rue sent l’herbe fraîche. Bonjour, qu’aimeriez-vous écouter aujourd’hui ?',
  },
  {
    tag: 'es',
    lang: 'es',
    label: 'Español',
    text: 'Anoche llovió un poco y esta mañana toda la calle huele a hierba. Buenos días, ¿qué te gustaría escuchar hoy?',
  },
  {
    tag: 'it',
    lang: 'it',
    label: 'Italiano',
    text: 'Stanotte ha piovuto un po’ e stamattina tutta la strada profuma d’erba. Buongiorno, che cosa vorrebbe ascoltare oggi?',
  },
  {
    tag: 'pt',
    lang: 'pt',
    label: 'Português',
    text: 'Choveu um pouco durante a noite e, esta manhã, toda a rua cheira a relva. Bom dia, o que gostaria de ouvir hoje?',
  },
  {
    tag: 'ru',
    lang: 'ru',
    label: 'Русский',
    text: 'Ночью прошёл небольшой дождь, и утром вся улица пахнет травой. Доброе утро! Что бы вы хотели послушать сегодня?',
  },
];

/** `key` names the scene's label among the page's strings. */
export const SCENES = {
  zh: [
    { key: 'scene.story', lang: 'zh-CN', text: '小狐狸踮起脚尖，轻轻敲了敲月亮的门：“有人在家吗？”门里传来一声软软的回答：“请进，外面风大。”' },
    { key: 'scene.navigation', lang: 'zh-CN', text: '前方三百米右转，进入滨江大道。目的地在您的左侧。' },
    { key: 'scene.service', lang: 'zh-CN', text: '您好，您的订单将在 8 月 16 日下午 3 点前送达，一共 128.50 元。还有什么可以帮您？' },
  ],
  en: [
    {
      key: 'scene.story',
      lang: 'en',
      text: 'The little fox stood on tiptoe and knocked softly on the door of the moon. “Is anyone home?” And a small voice answered: “Come in, it is windy out there.”',
    },
    { key: 'scene.navigation', lang: 'en', text: 'In three hundred metres, turn right onto Riverside Avenue. Your destination is on the left.' },
    { key: 'scene.service', lang: 'en', text: 'Hello! Your order will arrive before 3 p.m. on August 16th. The total is $128.50. Is there anything else I can do for you?' },
  ],
};

/** The phrase for a voice's first language; dialects of Chinese are written the same way. */
export function phraseFor(language) {
  const tag = (language ?? 'zh').toLowerCase();
  return PHRASES.find((phrase) => phrase.tag === tag) ?? PHRASES.find((phrase) => phrase.tag === tag.split('-')[0]) ?? PHRASES[0];
}

export function isSample(text) {
  return [...PHRASES, ...SCENES.zh, ...SCENES.en].some((sample) => sample.text === text.trim());
}
