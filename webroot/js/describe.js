import { PHRASES } from './samples.js';

/**
 * Descriptions of voices: the words that the vendor's guide recommends, put into a text and taken out again.
 * No DOM.
 */

/** Characters; the vendor's limit. */
export const MOST = 500;

/**
 * The dimensions of the guide. `one`: of these only one can be true at a time. No chip's words lie within
 * another's, or pressing one would seem to press both.
 *
 * @type {{name: string, one?: boolean, chips: {en: string, zh: string}[]}[]}
 */
export const DIMENSIONS = [
  {
    name: 'gender',
    one: true,
    chips: [
      { en: 'female voice', zh: '女声' },
      { en: 'male voice', zh: '男声' },
      { en: 'gender-neutral voice', zh: '中性嗓音' },
    ],
  },
  {
    name: 'age',
    one: true,
    chips: [
      { en: 'child aged 5–12', zh: '5–12 岁儿童' },
      { en: 'teenager aged 13–18', zh: '13–18 岁少年' },
      { en: 'young adult aged 19–35', zh: '19–35 岁青年' },
      { en: 'middle-aged, about 36–55', zh: '36–55 岁中年' },
      { en: 'elderly, over 55', zh: '55 岁以上老年' },
    ],
  },
  {
    name: 'pitch',
    one: true,
    chips: [
      { en: 'high pitch', zh: '音调高' },
      { en: 'pitch slightly high', zh: '音调偏高' },
      { en: 'medium pitch', zh: '音调适中' },
      { en: 'pitch slightly low', zh: '音调偏低' },
      { en: 'low pitch', zh: '音调低沉' },
    ],
  },
  {
    name: 'tempo',
    one: true,
    chips: [
      { en: 'fast pace', zh: '语速快' },
      { en: 'pace slightly fast', zh: '语速偏快' },
      { en: 'medium pace', zh: '语速适中' },
      { en: 'pace slightly slow', zh: '语速偏慢' },
      { en: 'slow pace', zh: '语速缓慢' },
    ],
  },
  {
    name: 'emotion',
    chips: [
      { en: 'cheerful', zh: '开朗' },
      { en: 'composed', zh: '沉稳' },
      { en: 'tender', zh: '温柔' },
      { en: 'serious', zh: '严肃' },
      { en: 'lively', zh: '活泼' },
      { en: 'calm', zh: '冷静' },
      { en: 'soothing', zh: '治愈' },
    ],
  },
  {
    name: 'quality',
    chips: [
      { en: 'magnetic', zh: '磁性' },
      { en: 'crisp', zh: '清脆' },
      { en: 'husky', zh: '沙哑' },
      { en: 'mellow', zh: '圆润' },
      { en: 'sweet', zh: '甜美' },
      { en: 'rich', zh: '醇厚' },
      { en: 'strong', zh: '有力' },
    ],
  },
  {
    name: 'use',
    chips: [
      { en: 'for news', zh: '适合新闻播报' },
      { en: 'for advertising', zh: '适合广告配音' },
      { en: 'for audiobooks', zh: '适合有声书' },
      { en: 'for animation', zh: '适合动画角色' },
      { en: 'for a voice assistant', zh: '适合语音助手' },
      { en: 'for documentaries', zh: '适合纪录片解说' },
    ],
  },
];

/** Descriptions to take over; each names several dimensions. */
export const GOOD = {
  en: [
    'A calm woman of about 30, medium pitch, clear and mellow, unhurried and even; for audiobooks.',
    'A boy of about eight, rather high and bright, quick, curious and full of energy; for an animated character.',
    'A middle-aged man, deep and magnetic, slow and steady, serious without being stern; for documentaries.',
  ],
  zh: [
    '三十岁左右的女声，音调适中，语速从容，语气温柔平稳，音质圆润清澈，适合有声书。',
    '八岁左右的小男孩，音调偏高，语速轻快，好奇又活泼，适合动画角色。',
    '中年男性，嗓音低沉有磁性，语速偏慢，沉稳而不严厉，适合纪录片解说。',
  ],
};

/** Descriptions that don't work. `why` names the reason among the strings of the page. */
export const BAD = {
  en: [
    { text: 'A nice, pleasant voice.', why: 'judgement' },
    { text: 'Sounds like a celebrity everybody knows.', why: 'imitation' },
    { text: 'Sweet, sweet, sweet, very sweet.', why: 'repetition' },
    { text: '1234567', why: 'gibberish' },
  ],
  zh: [
    { text: '好听的声音。', why: 'judgement' },
    { text: '像那位人人都认识的明星。', why: 'imitation' },
    { text: '甜美甜美甜美，非常甜美。', why: 'repetition' },
    { text: '1234567', why: 'gibberish' },
  ],
};

const MORE_TEXTS = {
  th: 'เมื่อคืนฝนตกเบา ๆ เช้านี้ถนนทั้งสายหอมกลิ่นหญ้า สวัสดีตอนเช้า วันนี้อยากฟังอะไรดี',
  id: 'Semalam hujan turun sebentar, dan pagi ini seluruh jalan berbau rumput. Selamat pagi, hari ini ingin mendengarkan apa?',
  vi: 'Đêm qua trời mưa nhẹ, sáng nay cả con phố thơm mùi cỏ. Chào buổi sáng, hôm nay bạn muốn nghe gì?',
};

/** What a take says, by language; long enough for every vendor. */
export function previewText(language) {
  return MORE_TEXTS[language] ?? (PHRASES.find(({ tag }) => tag === language) ?? PHRASES[0]).text;
}

/** Whether a text is one of ours, and so may give way to another. */
export function isPreviewText(text) {
  const given = text.trim();
  return given === '' || [...Object.values(MORE_TEXTS), ...PHRASES.map((phrase) => phrase.text)].includes(given);
}

const SEPARATOR = /[\s,;，、；]/;
const END = /[.。!！?？:：]/;

/** Where a chip's words stand in the text, in either language; null where they don't. */
export function find(text, chip) {
  for (const words of [chip.en, chip.zh]) {
    const lower = text.toLowerCase();
    for (let from = lower.indexOf(words.toLowerCase()); from >= 0; from = lower.indexOf(words.toLowerCase(), from + 1)) {
      const to = from + words.length;
      if (words === chip.zh || (!isLetter(text[from - 1]) && !isLetter(text[to]))) return { from, to };
    }
  }
  return null;
}

/**
 * Presses a chip: its words go in at the caret, or out again where they are in; another of the same
 * dimension, where only one can be true, makes room.
 *
 * @param {{text: string, caret: number}} before
 * @param {{en: string, zh: string}} chip
 * @param {'en' | 'zh'} language of the words
 * @returns {{text: string, caret: number}}
 */
export function press({ text, caret }, chip, language) {
  const there = find(text, chip);
  if (there) return without(text, there);
  const { one, chips } = DIMENSIONS.find((dimension) => dimension.chips.includes(chip));
  const other = one ? chips.map((each) => find(text, each)).find(Boolean) : null;
  if (other) return { text: text.slice(0, other.from) + chip[language] + text.slice(other.to), caret: other.from + chip[language].length };
  return into(text, caret, chip[language], language);
}

function into(text, caret, words, language) {
  const at = wordEnd(text, caret);
  const before = text.slice(0, at).trimEnd();
  const after = text.slice(at).trimStart();
  const [comma, gap] = language === 'zh' ? ['，', ''] : [',', ' '];
  let lead = '';
  if (before) {
    const last = before.at(-1);
    if (!SEPARATOR.test(last) && !END.test(last)) lead = comma + gap;
    else if (!/[，、；。！？：]/.test(last)) lead = ' ';
  }
  let trail = '';
  if (after && !SEPARATOR.test(after[0]) && !END.test(after[0])) trail = comma + gap;
  const head = before + lead + words;
  return { text: head + trail + after, caret: head.length };
}

function without(text, { from, to }) {
  let before = text.slice(0, from);
  let after = text.slice(to);
  if (/[,，、;；]\s*$/.test(before)) {
    before = before.replace(/\s*[,，、;；]\s*$/, '');
  } else {
    before = before.trimEnd();
    after = after.replace(/^\s*[,，、;；]?\s*/, '');
    if (before && after && !/^[\p{P}]/u.test(after)) before += ' ';
  }
  if (!before) after = after.replace(/^[\s,，、;；.。]+/, '');
  return { text: before + after, caret: before.length };
}

/** The end of the word that the caret stands in: nothing is written into a word. */
function wordEnd(text, caret) {
  for (const { index, segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (index >= caret) return caret;
    if (index + segment.length > caret) return isWordLike ? index + segment.length : caret;
  }
  return text.length;
}

function isLetter(sign) {
  return sign !== undefined && /[\p{Script=Latin}\d-]/u.test(sign);
}

/**
 * What differs between two descriptions, word by word.
 *
 * @returns {{kind: 'same' | 'added' | 'removed', text: string}[]}
 */
export function differences(before, after) {
  const a = wordsOf(before);
  const b = wordsOf(after);
  // The longest common words of every two ends, from the back.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const parts = [];
  const add = (kind, text) => {
    if (parts.at(-1)?.kind === kind) parts.at(-1).text += text;
    else parts.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', a[i++]);
      j++;
    } else if (i < a.length && (j === b.length || common[i + 1][j] >= common[i][j + 1])) {
      add('removed', a[i++]);
    } else {
      add('added', b[j++]);
    }
  }
  return parts;
}

function wordsOf(text) {
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment);
}
