import { Player } from '../client/player.js';
import { Voicebridge } from '../client/voicebridge.js';
import { Words, ticket } from './common.js';

const METRES = 2_600;
const METRES_PER_SECOND = 42; // a brisk drive, so that nobody has to wait

const LEFT = 'M34 42V24a8 8 0 0 0-8-8H10M18 8l-8 8 8 8';
const RIGHT = 'M14 42V24a8 8 0 0 1 8-8h16M30 8l8 8-8 8';
const GOAL = 'M24 44C20 36 10 30 10 20a14 14 0 0 1 28 0c0 10-10 16-14 24zM24 25a5 5 0 1 0 0-10 5 5 0 0 0 0 10';

/** Where on the route something is to be done (part of its length), and from where it is announced. */
const TURNS = [
  { name: 'quay', at: 0.095, from: 0.002, arrow: RIGHT },
  { name: 'mill', at: 0.18, from: 0.1, arrow: LEFT },
  { name: 'park', at: 0.465, from: 0.3, arrow: RIGHT },
  { name: 'bridge', at: 0.59, from: 0.48, arrow: LEFT },
  { name: 'station', at: 0.81, from: 0.64, arrow: RIGHT },
  { name: 'goal', at: 1, from: 0.93, arrow: GOAL },
];

const words = new Words({
  en: {
    title: 'Navigation that can be interrupted',
    map: 'Map with the route and the car',
    log: 'What was said',
    drive: 'Start driving',
    pause: 'Pause',
    resume: 'Drive on',
    anew: 'Drive again',
    urgent: 'Hazard ahead!',
    idle: 'The voice is silent',
    prompt: 'Route',
    rest: 'Route, the rest of it',
    warning: 'Warning: cuts in at once',
    lost: 'No connection. It is said when the connection is back.',
    dropped: 'Not said any more: “{text}”',
    failed: 'Not said: {why}',
    metres: '{n} m',
    'quay.street': 'Quay Street',
    'quay.text': 'In two hundred metres turn right. Then keep to the left lane on Quay Street.',
    'mill.street': 'Mill Lane',
    'mill.text': 'Turn left into Mill Lane. Follow it for eight hundred metres, past the big park on your left side.',
    'park.street': 'Park Road',
    'park.text': 'After the park, turn right into Park Road. There is a school on the corner, please drive slowly.',
    'bridge.street': 'North Street',
    'bridge.text': 'At the lights turn left into North Street. Stay in the right lane. The bridge is closed today.',
    'station.street': 'Station Square',
    'station.text': 'In four hundred metres turn right, and right again at Station Square. Mind the trams.',
    'goal.street': 'Your destination',
    'goal.text': 'You have reached your destination. It is on the left.',
    'urgent.text': 'Careful! An accident, right ahead. Brake now.',
  },
  zh: {
    title: '可以被打断的导航',
    map: '地图，上面有路线和车辆',
    log: '播报记录',
    drive: '开始行驶',
    pause: '暂停',
    resume: '继续行驶',
    anew: '重新出发',
    urgent: '前方危险！',
    idle: '暂无播报',
    prompt: '路线播报',
    rest: '继续播报余下的路线',
    warning: '紧急提醒，立即插播',
    lost: '没有连接，恢复后会播报。',
    dropped: '已过时，不再播报：“{text}”',
    failed: '没有播报：{why}',
    metres: '{n} 米',
    'quay.street': '码头街',
    'quay.text': '前方二百米右转。进入码头街以后，请走左侧车道。',
    'mill.street': '磨坊路',
    'mill.text': '左转进入磨坊路。沿磨坊路直行八百米，左手边会经过一个大公园。',
    'park.street': '公园路',
    'park.text': '过了公园，右转进入公园路。路口有一所学校，请减速慢行。',
    'bridge.street': '北街',
    'bridge.text': '在红绿灯处左转进入北街。请走右侧车道。今天大桥封闭。',
    'station.street': '车站广场',
    'station.text': '前方四百米右转，到车站广场再右转。请注意有轨电车。',
    'goal.street': '目的地',
    'goal.text': '您已到达目的地，就在道路左侧。',
    'urgent.text': '注意！前方发生事故，请立即刹车！',
  },
});

const find = (id) => document.getElementById(id);
const route = find('route');
const length = route.getTotalLength();
const bridge = new Voicebridge({
  model: 'qwen3-tts-flash-realtime',
  session: { voice: 'Cherry', mode: 'server_commit' },
  ticket: () => ticket(words),
  reconnect: true,
});
const player = new Player();
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** Part of the route that lies behind the car. */
let progress = 0;
let driving = false;
let lastFrame = 0;
let announced = 0;
/** What is said now: `{kind, text, turn, speech}`; null: nothing. */
let saying = null;
/** The car stands, because of what is ahead, until then. */
let brakesUntil = 0;

/** Says a text as it comes, sentence by sentence: the server begins with the first one at once. */
async function say(kind, text, turn = null) {
  const speech = bridge.stream();
  const mine = { kind, text, turn, speech };
  saying = mine;
  log(text);
  const heard = player.play(speech);
  for (const sentence of sentences(text)) speech.append(sentence);
  speech.commit();
  const { status, error } = await heard;
  if (status === 'failed') log(words.t('failed', { why: error?.message ?? '' }));
  if (saying === mine) saying = null;
  return status;
}

/** Cuts in: what is said falls silent within a block of samples, and the rest of it waits. */
async function warn() {
  player.unlock();
  const cut = saying;
  const heard = player.stop();
  bridge.cancel(heard);
  brakesUntil = performance.now() + 3_000;
  placeHazard();
  const rest = cut?.kind === 'urgent' ? cut.rest : cut && { turn: cut.turn, text: restOf(cut, heard) };
  const warning = say('urgent', words.t('urgent.text'));
  saying.rest = rest;
  if ((await warning) !== 'completed' || saying || !rest?.text) return;
  // Only what is still of use to the driver: the turn lies ahead.
  if (progress < rest.turn.at) say('rest', rest.text, rest.turn);
  else log(words.t('dropped', { text: rest.text }));
}

/** From the beginning of the sentence that was cut. */
function restOf({ text, speech }, { playedMs }) {
  const heardTo = speech.audioBytes > 0 ? speech.heardTo(playedMs) : 0;
  let from = 0;
  for (const sentence of sentences(text)) {
    if (from + sentence.length > heardTo) break;
    from += sentence.length;
  }
  return text.slice(from);
}

function sentences(text) {
  return text.match(/[^.!?。！？]+[.!?。！？]+\s*|.+$/gu) ?? [];
}

function drive() {
  player.unlock();
  if (progress >= 1) {
    progress = 0;
    announced = 0;
    find('hazard').toggleAttribute('hidden', true);
  }
  driving = !driving;
  lastFrame = performance.now();
  show();
  if (driving) requestAnimationFrame(move);
}

function move(now) {
  if (!driving) return;
  const seconds = Math.min(0.1, (now - lastFrame) / 1000);
  lastFrame = now;
  if (now > brakesUntil) progress = Math.min(1, progress + (seconds * METRES_PER_SECOND) / METRES);
  const turn = TURNS[announced];
  // Never two prompts at once: a late one waits for its turn.
  if (turn && progress >= turn.from && !saying) {
    announced++;
    if (progress < turn.at || turn.at === 1) say('prompt', words.t(`${turn.name}.text`), turn);
  }
  if (progress >= 1) driving = false;
  show();
  requestAnimationFrame(move);
}

function placeHazard() {
  const at = route.getPointAtLength(Math.min(length, length * progress + 120));
  find('hazard').setAttribute('transform', `translate(${at.x} ${at.y})`);
  find('hazard').removeAttribute('hidden');
}

function show() {
  const here = route.getPointAtLength(length * progress);
  const ahead = route.getPointAtLength(Math.min(length, length * progress + 4));
  const behind = route.getPointAtLength(Math.max(0, length * progress - 4));
  const angle = (Math.atan2(ahead.x - behind.x, behind.y - ahead.y) * 180) / Math.PI;
  find('car').setAttribute('transform', `translate(${here.x} ${here.y}) rotate(${angle})`);
  find('driven').setAttribute('stroke-dasharray', `${length * progress} ${length * 2}`);
  // The map follows the car; where little should move, in steps.
  const step = calm.matches ? 160 : 1;
  const x = Math.round((here.x - 500) / step) * step;
  const y = Math.round((here.y - 500) / step) * step;
  const size = innerWidth > innerHeight ? 1_150 : 760;
  find('map').setAttribute('viewBox', `${x + 500 - size / 2} ${y + 500 - size / 2} ${size} ${size}`);

  const next = TURNS.find(({ at }) => progress < at) ?? TURNS.at(-1);
  const metres = Math.round(((next.at - progress) * METRES) / 10) * 10;
  find('arrow').setAttribute('d', next.arrow);
  find('distance').textContent = words.t('metres', { n: metres });
  find('street').textContent = words.t(`${next.name}.street`);
  find('drive').textContent = words.t(driving ? 'pause' : progress === 0 ? 'drive' : progress < 1 ? 'resume' : 'anew');
  find('urgent').disabled = !driving;
  showVoice();
}

function showVoice() {
  const kind = saying?.kind ?? 'idle';
  find('voice').dataset.kind = kind;
  const unheard = saying && bridge.state !== 'open' && saying.speech.audioBytes === 0;
  const label = words.t(unheard && bridge.state === 'waiting' ? 'lost' : kind === 'urgent' ? 'warning' : kind);
  if (find('label').textContent !== label) find('label').textContent = label;
  if (!saying) {
    find('words').replaceChildren();
    return;
  }
  const to = player.speech === saying.speech && saying.speech.audioBytes > 0 ? saying.speech.heardTo(player.playedMs) : 0;
  const said = document.createElement('b');
  said.textContent = saying.text.slice(0, to);
  find('words').replaceChildren(said, saying.text.slice(to));
}

function log(text) {
  const item = document.createElement('li');
  const time = document.createElement('time');
  time.textContent = new Intl.DateTimeFormat(words.language, { minute: '2-digit', second: '2-digit' }).format(new Date());
  item.append(time, text);
  find('log').prepend(item);
  while (find('log').children.length > 4) find('log').lastChild.remove();
}

/** The houses between the streets: the same ones on every visit. */
function build() {
  let seed = 11;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const streetsX = [-500, -380, -260, -140, 0, 120, 225, 330, 450, 535, 620, 695, 770, 845, 920, 1040, 1190, 1340, 1500];
  const streetsY = [-500, -340, -200, -60, 40, 160, 235, 310, 385, 460, 555, 655, 750, 850, 940, 1060, 1180, 1320, 1500];
  for (let i = 0; i < streetsX.length - 1; i++) {
    for (let j = 0; j < streetsY.length - 1; j++) {
      if (random() < 0.16) continue;
      const house = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      const inset = 15 + random() * 9;
      house.setAttribute('x', streetsX[i] + inset);
      house.setAttribute('y', streetsY[j] + inset);
      house.setAttribute('width', streetsX[i + 1] - streetsX[i] - 2 * inset);
      house.setAttribute('height', streetsY[j + 1] - streetsY[j] - 2 * inset);
      house.setAttribute('rx', 7);
      find('blocks').append(house);
    }
  }
}

find('drive').addEventListener('click', drive);
find('urgent').addEventListener('click', warn);
bridge.addEventListener('state', showVoice);
bridge.addEventListener('error', ({ detail: { error } }) => log(words.t('failed', { why: error.message })));
player.addEventListener('played', showVoice);
player.addEventListener('drained', showVoice);
words.addEventListener('change', () => {
  bridge.cancel(player.stop());
  show();
});
window.addEventListener('online', () => bridge.retryNow());

build();
show();
bridge.connect().catch(() => {}); // the first prompt will say what is wrong
