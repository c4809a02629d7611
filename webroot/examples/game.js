import { Player } from '../client/player.js';
import { Voicebridge } from '../client/voicebridge.js';
import { Words, ticket } from './common.js';
import { Scene } from './scene.js';

/** A voice at this level has its mouth wide open. */
const LOUD = 0.1;
const PAUSE_MS = 350;

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

/** @returns {{speech: object, heard: Promise<object>}} */
function say(who, text) {
  const { bridge, player } = who;
  const speech = bridge.speak(text);
  who.line = { text, speech, cutAt: -1 };
  const entry = document.createElement('p');
  entry.textContent = text;
  find('script').append(entry);
  return { speech, heard: player.play(speech) };
}

/** Silence within a block of samples; the bubble keeps what was heard. */
function hush(who) {
  if (!who.player.speech) return;
  const heard = who.player.stop();
  who.line.cutAt = heard.speech.audioBytes > 0 ? heard.speech.heardTo(heard.playedMs) : 0;
  who.bridge.cancel(heard);
}

async function perform() {
  const mine = ++performanceNo;
  const on = () => mine === performanceNo;
  while (on() && at < LINES.length) {
    const line = LINES[at];
    const who = actors[line.who];
    const other = line.who === 'keeper' ? actors.gull : actors.keeper;
    const { heard } = say(who, words.t(line.name));
    // Whoever is cut off notices it when he hears the other one.
    once(who.player, 'started', () => on() && hush(other));
    const next = LINES[at + 1];
    const outcome = await (next?.cuts ? Promise.race([heard, partHeard(who, next.cuts)]) : heard);
    if (!on()) return;
    if (outcome?.status === 'failed') {
      note(outcome.error);
      playing = false;
      show();
      return;
    }
    at++;
    if (!next?.cuts) await pause(PAUSE_MS);
  }
  if (!on()) return;
  playing = false;
  show();
}

/** Somebody who wasn't asked. */
async function cutIn(name) {
  const mine = ++performanceNo;
  const who = actors[name];
  const other = name === 'keeper' ? actors.gull : actors.keeper;
  hush(who);
  const { heard } = say(who, words.t(`${name}.aside`));
  once(who.player, 'started', () => mine === performanceNo && hush(other));
  await heard;
  await pause(PAUSE_MS);
  if (mine !== performanceNo || !playing) return;
  at++;
  perform();
}

function play() {
  for (const { player } of Object.values(actors)) player.unlock();
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
  const { text, speech } = who.line;
  return new Promise((resolve) => {
    const look = () => {
      if (who.player.speech !== speech || speech.heardTo(who.player.playedMs) >= part * text.length) {
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
  node.hidden = !line || !(speaks || (lately && playing));
  if (node.hidden) return;
  const { x, y } = scene.headOf(name);
  node.style.setProperty('--x', `${x.toFixed(0)}px`);
  node.parentElement.style.setProperty('--y', `${y.toFixed(0)}px`);
  node.style.setProperty('--y', `${y.toFixed(0)}px`);
  node.toggleAttribute('data-speaks', Boolean(speaks));
  const to = cut ? line.cutAt : speaks ? line.speech.heardTo(player.playedMs) : line.text.length;
  const key = `${to}${cut}${line.text}`;
  if (node.dataset.shown === key) return;
  node.dataset.shown = key;
  const said = document.createElement('b');
  said.textContent = line.text.slice(0, to) + (cut ? ' –' : '');
  node.replaceChildren(said, cut ? '' : line.text.slice(to));
}

function show() {
  const ended = at >= LINES.length;
  find('play').textContent = words.t(playing ? 'pause' : ended ? 'again' : 'play');
  for (const name of ['keeper', 'gull']) find(`cut-${name}`).disabled = !playing;
}

function note(error) {
  const lost = Object.values(actors).some(({ bridge }) => bridge.state === 'waiting');
  const told = error instanceof Error ? error.message : lost ? words.t('waiting') : '';
  find('note').textContent = told;
  find('note').toggleAttribute('data-alarm', told !== '');
}

find('play').addEventListener('click', play);
for (const name of ['keeper', 'gull']) find(`cut-${name}`).addEventListener('click', () => cutIn(name));
find('scene').addEventListener('click', ({ offsetX }) => playing && cutIn(scene.whoIsAt(offsetX)));
words.addEventListener('change', () => {
  performanceNo++;
  playing = false;
  at = 0;
  for (const who of Object.values(actors)) {
    hush(who);
    who.line = null;
  }
  show();
});
window.addEventListener('online', () => Object.values(actors).forEach(({ bridge }) => bridge.retryNow()));

show();
for (const { bridge } of Object.values(actors)) bridge.connect().catch(() => {}); // the first line says what is wrong
requestAnimationFrame(frame);
