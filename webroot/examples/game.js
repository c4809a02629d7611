import { Player } from '../client/player.js';
import { Voicebridge } from '../client/voicebridge.js';
import { Words, ticket } from './common.js';
import { Scene } from './scene.js';

/** A voice at this level has its mouth wide open. */
const LOUD = 0.1;
const PAUSE_MS = 350;
/** Whoever answers remembers so many lines. */
const REMEMBERED = 24;
/** A bubble holds a line of this length; of a longer one it shows the sentence being heard. */
const SHORT = 140;
/** Lines that each of them knows by heart, for a server without a language model. */
const BY_HEART = 3;

/** The play. `cuts`: so much of the line before is heard, and this one cuts in. */
const LINES = [
  { who: 'keeper', name: '1' },
  { who: 'gull', name: '2' },
  { who: 'keeper', name: '3' },
  { who: 'gull', name: '4', cuts: 0.55 },
  { who: 'keeper', name: '5', cuts: 0.7 },
  { who: 'gull', name: '6' },
  { who: 'keeper', name: '7' },
];

const words = new Words({
  en: {
    title: 'The keeper and the gull',
    scene: 'A pier in the evening. On the left a lighthouse keeper in a yellow coat, on the right a gull on a bollard.',
    play: 'Play',
    pause: 'Pause',
    again: 'Again',
    waiting: 'Connection lost. Trying again …',
    line: 'Say something to them',
    send: 'Say it',
    modelless: 'This server has no language model: they answer with lines learnt by heart.',
    told: '{name} says: “{text}”',
    'keeper.name': 'The keeper',
    'gull.name': 'The gull',
    'keeper.called': 'keeper|old man',
    'gull.called': 'gull|bird',
    'keeper.role':
      'You are an old lighthouse keeper, dry and kind. You stand on a pier in the evening with a cheeky gull and a visitor. Answer in one or two short spoken sentences.',
    'gull.role':
      'You are a cheeky gull that thinks of nothing but fish. You sit on a pier in the evening with an old lighthouse keeper and a visitor. Answer in one or two short spoken sentences.',
    'keeper.heart.1': 'The sea has an answer to that. It only takes its time.',
    'keeper.heart.2': 'Ask me again when the tide is out.',
    'keeper.heart.3': 'Forty years, and nobody ever asked me that.',
    'gull.heart.1': 'Is there fish in it? No? Then I have no opinion.',
    'gull.heart.2': 'I know everything about that! Give me a herring first.',
    'gull.heart.3': 'Did you hear him? He always talks like that.',
    'keeper.cut': 'Keeper cuts in',
    'gull.cut': 'Gull cuts in',
    1: 'Good evening, bird. Quiet night tonight.',
    2: 'Quiet? I have been shouting at that fishing boat for an hour!',
    3: 'Forty years I have kept this light, and in all those years I have never once seen a gull that could wait for the end of a',
    4: 'Fish! Did you say fish? I am sure I heard fish, and if there is any left I would like to',
    5: 'I said nothing of the kind. You never let me finish.',
    6: 'Then finish. I am listening. I am a very good listener.',
    7: 'Too late. Now I have forgotten what it was.',
    'keeper.aside': 'Hush! Let me say something, too.',
    'gull.aside': 'Wait, wait, wait! Me first!',
  },
  zh: {
    title: '守塔人与海鸥',
    scene: '傍晚的码头。左边是穿黄色雨衣的灯塔守护人，右边的木桩上站着一只海鸥。',
    play: '播放',
    pause: '暂停',
    again: '再来一遍',
    waiting: '连接已断开，正在重试……',
    line: '跟他们说句话',
    send: '说',
    modelless: '这台服务器没有语言模型，他们只会背几句台词。',
    told: '{name}说：“{text}”',
    'keeper.name': '守塔人',
    'gull.name': '海鸥',
    'keeper.called': '守塔|老人|爷爷|大爷',
    'gull.called': '海鸥|小鸟|鸟',
    'keeper.role': '你是一位年老的灯塔守护人，话不多，心肠好。傍晚，你站在码头上，身边有一只调皮的海鸥和一位游客。用一两句简短的口语回答。',
    'gull.role': '你是一只满脑子都是鱼的调皮海鸥。傍晚，你站在码头的木桩上，身边有一位年老的灯塔守护人和一位游客。用一两句简短的口语回答。',
    'keeper.heart.1': '这个嘛，大海知道答案，只是它不着急说。',
    'keeper.heart.2': '等退潮了，你再来问我。',
    'keeper.heart.3': '四十年了，还从来没有人这样问过我。',
    'gull.heart.1': '里面有鱼吗？没有？那我没意见。',
    'gull.heart.2': '这事我最清楚！先给我一条鲱鱼。',
    'gull.heart.3': '你听见了吧？他说话老是这样。',
    'keeper.cut': '守塔人插话',
    'gull.cut': '海鸥插话',
    1: '晚上好，小鸟。今晚真安静啊。',
    2: '安静？我对着那条渔船喊了整整一个小时！',
    3: '我守这座灯塔四十年了，四十年里，我从来没有见过哪一只海鸥，能够耐心地听别人把话说',
    4: '鱼！你刚才说鱼了吗？我肯定听见鱼了，要是还有剩下的，我很想',
    5: '我可没有说过。你从来不让我把话说完。',
    6: '那你说吧，我听着呢。我最会听别人说话了。',
    7: '晚了，现在我已经忘了要说什么。',
    'keeper.aside': '嘘！也让我说一句。',
    'gull.aside': '等等，等等！我先说！',
  },
});

const find = (id) => document.getElementById(id);
const scene = new Scene(find('scene'));
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const actors = {
  keeper: actor('keeper', { voice: 'longanyang', speech_rate: 0.95, pitch_rate: 0.85 }),
  gull: actor('gull', { voice: 'longanhuan', speech_rate: 1.1, pitch_rate: 1.3 }),
};

let playing = false;
let at = 0;
/** Grows whenever the play is broken off: whoever waited for the old one leaves. */
let performanceNo = 0;
/** Somebody talks with them: the play waits. */
let talking = false;
/** What was said in that talk, as far as it was heard. @type {{by: 'you' | 'keeper' | 'gull', text: string}[]} */
let said = [];
/** Whose turn it is to answer. */
let next = 'keeper';
/** The server has no language model. */
let modelless = false;
let byHeart = 0;

/** A character is a session and a loudspeaker of its own: two may speak at once. */
function actor(name, voice) {
  const bridge = new Voicebridge({
    model: 'cosyvoice-v3-flash',
    session: { word_timestamps: true, ...voice },
    ticket: () => ticket(words),
    reconnect: true,
  });
  bridge.addEventListener('state', note);
  return { name, bridge, player: new Player(), line: null, mouth: 0, heldUntil: 0 };
}

/** @returns {Promise<object>} when the last sample was heard */
function say(who, text) {
  write(text);
  return voice(who, who.bridge.speak(text));
}

function voice(who, speech, remembered = null) {
  who.line = { speech, remembered, cutAt: -1 };
  return who.player.play(speech);
}

/** For whoever reads along. */
function write(text) {
  const entry = document.createElement('p');
  entry.textContent = text;
  find('script').append(entry);
}

/** Silence within a block of samples; the bubble keeps what was heard. */
function hush(who) {
  if (!who.player.speech) return;
  const heard = who.player.stop();
  who.line.cutAt = heard.speech.audioBytes > 0 ? heard.speech.heardTo(heard.playedMs) : 0;
  if (who.line.remembered) who.line.remembered.text = heard.speech.text.slice(0, who.line.cutAt);
  who.bridge.cancel(heard);
}

async function perform() {
  const mine = ++performanceNo;
  const on = () => mine === performanceNo;
  while (on() && at < LINES.length) {
    const line = LINES[at];
    const who = actors[line.who];
    const other = otherThan(who);
    const heard = say(who, words.t(line.name));
    // Whoever is cut off notices it when he hears the other one.
    once(who.player, 'started', () => on() && hush(other));
    const cuts = LINES[at + 1]?.cuts;
    const outcome = await (cuts ? Promise.race([heard, partHeard(who, cuts)]) : heard);
    if (!on()) return;
    if (outcome?.status === 'failed') {
      note(outcome.error);
      playing = false;
      show();
      return;
    }
    at++;
    if (!cuts) await pause(PAUSE_MS);
  }
  if (!on()) return;
  playing = false;
  show();
}

/** Somebody who wasn't asked. */
async function cutIn(name) {
  const mine = ++performanceNo;
  const who = actors[name];
  const other = otherThan(who);
  hush(who);
  const heard = say(who, words.t(`${name}.aside`));
  once(who.player, 'started', () => mine === performanceNo && hush(other));
  await heard;
  await pause(PAUSE_MS);
  if (mine !== performanceNo || !playing) return;
  at++;
  perform();
}

/** The visitor says something: one of them answers, and the other has a word to say about that. */
async function talk(line) {
  const mine = ++performanceNo;
  playing = false;
  talking = true;
  Object.values(actors).forEach(hush); // whoever still speaks is cut off
  show();
  write(line);
  said.push({ by: 'you', text: line });
  const called = Object.values(actors).find(({ name }) => new RegExp(words.t(`${name}.called`), 'i').test(line));
  const first = called ?? actors[next];
  next = otherThan(first).name;
  for (const who of [first, otherThan(first)]) {
    const { status, error } = await answer(who);
    if (mine !== performanceNo) return;
    if (status === 'failed') {
      note(error);
      return;
    }
    await pause(PAUSE_MS);
    if (mine !== performanceNo) return;
  }
}

async function answer(who) {
  if (modelless) return say(who, words.t(`${who.name}.heart.${(byHeart++ % BY_HEART) + 1}`));
  const speech = who.bridge.ask({ messages: toldTo(who), instructions: words.t(`${who.name}.role`) });
  const remembered = { by: who.name, text: '' };
  said.push(remembered);
  const outcome = await voice(who, speech, remembered);
  if (outcome.error?.code === 'llm_not_configured') {
    modelless = true;
    note();
    return answer(who);
  }
  if (outcome.status !== 'cancelled') remembered.text = speech.text; // else hush has seen to it
  if (remembered.text) write(remembered.text);
  return outcome;
}

/** The conversation as one of them knows it. */
function toldTo(who) {
  const told = ({ by, text }) => (by === 'you' ? text : words.t('told', { name: words.t(`${by}.name`), text }));
  return said
    .filter(({ text }) => text !== '')
    .slice(-REMEMBERED)
    .map((line) => (line.by === who.name ? { role: 'assistant', content: line.text } : { role: 'user', content: told(line) }));
}

function otherThan({ name }) {
  return name === 'keeper' ? actors.gull : actors.keeper;
}

function play() {
  for (const { player } of Object.values(actors)) player.unlock();
  if (talking) {
    performanceNo++;
    Object.values(actors).forEach(hush);
    talking = false;
  }
  playing = !playing;
  if (playing) {
    if (at >= LINES.length) at = 0;
    perform();
  } else {
    performanceNo++;
    Object.values(actors).forEach(hush);
  }
  show();
}

/** Resolves when such a part of the actor's line has been heard. */
function partHeard(who, part) {
  const { speech } = who.line;
  return new Promise((resolve) => {
    const look = () => {
      if (who.player.speech !== speech || speech.heardTo(who.player.playedMs) >= part * speech.text.length) {
        who.player.removeEventListener('played', look);
        resolve(null);
      }
    };
    who.player.addEventListener('played', look);
  });
}

function once(target, type, listener) {
  target.addEventListener(type, listener, { once: true });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function frame(now) {
  for (const who of Object.values(actors)) {
    const open = Math.min(1, Math.max(0, who.player.level - 0.008) / LOUD) ** 0.7;
    // Where little should move: shut, half or wide open, and not in a flutter.
    if (!calm.matches) {
      who.mouth += (open - who.mouth) * (open > who.mouth ? 0.6 : 0.3);
      if (who.mouth < 0.01) who.mouth = 0;
    } else if (now > who.heldUntil || open === 0) {
      who.mouth = Math.ceil(open * 2) / 2;
      who.heldUntil = now + 160;
    }
    scene.mouths[who.name] = who.mouth;
    if (who.mouth > 0) scene.speaking = who.name;
    bubble(who);
  }
  scene.draw(calm.matches ? 0 : now / 1000);
  requestAnimationFrame(frame);
}

function bubble({ name, line, player }) {
  const node = find(`bubble-${name}`);
  const speaks = line && player.speech === line.speech && line.speech.audioBytes > 0;
  const cut = line && line.cutAt > 0;
  const lately = scene.speaking === name || cut;
  node.hidden = !line || !(speaks || (lately && (playing || talking)));
  if (node.hidden) return;
  const { x, y } = scene.headOf(name);
  node.style.setProperty('--x', `${x.toFixed(0)}px`);
  node.parentElement.style.setProperty('--y', `${y.toFixed(0)}px`);
  node.style.setProperty('--y', `${y.toFixed(0)}px`);
  node.toggleAttribute('data-speaks', Boolean(speaks));
  const { text } = line.speech;
  const to = cut ? line.cutAt : speaks ? line.speech.heardTo(player.playedMs) : text.length;
  const key = `${to}${cut}${text}`;
  if (node.dataset.shown === key) return;
  node.dataset.shown = key;
  const [from, until] = sentenceAt(text, to);
  const heard = document.createElement('b');
  heard.textContent = text.slice(from, to) + (cut ? ' –' : '');
  node.replaceChildren(heard, cut ? '' : text.slice(to, until));
}

/** Where the part of a text is that a bubble shows. */
function sentenceAt(text, to) {
  if (text.length <= SHORT) return [0, text.length];
  for (const { 0: sentence, index } of text.matchAll(/[^.!?。！？\n]+[^\p{L}\p{N}]*/gu)) {
    if (index + sentence.length >= to) return [index, index + sentence.length];
  }
  return [Math.max(0, text.length - SHORT), text.length];
}

function show() {
  const ended = at >= LINES.length;
  find('play').textContent = words.t(playing ? 'pause' : ended ? 'again' : 'play');
  for (const name of ['keeper', 'gull']) find(`cut-${name}`).disabled = !playing;
}

function note(error) {
  const lost = Object.values(actors).some(({ bridge }) => bridge.state === 'waiting');
  const alarm = error instanceof Error ? error.message : lost ? words.t('waiting') : '';
  find('note').textContent = alarm || (modelless ? words.t('modelless') : '');
  find('note').toggleAttribute('data-alarm', alarm !== '');
}

find('play').addEventListener('click', play);
find('talk').addEventListener('submit', (event) => {
  event.preventDefault();
  const line = find('line').value.trim();
  if (line === '') return;
  find('line').value = '';
  for (const { player } of Object.values(actors)) player.unlock();
  talk(line);
});
for (const name of ['keeper', 'gull']) find(`cut-${name}`).addEventListener('click', () => cutIn(name));
find('scene').addEventListener('click', ({ offsetX }) => playing && cutIn(scene.whoIsAt(offsetX)));
words.addEventListener('change', () => {
  performanceNo++;
  playing = false;
  talking = false;
  said = [];
  at = 0;
  for (const who of Object.values(actors)) {
    hush(who);
    who.line = null;
  }
  show();
  note();
});
window.addEventListener('online', () => Object.values(actors).forEach(({ bridge }) => bridge.retryNow()));

show();
for (const { bridge } of Object.values(actors)) bridge.connect().catch(() => {}); // the first line says what is wrong
requestAnimationFrame(frame);
