import { Player } from '../client/player.js';
import { Voicebridge } from '../client/voicebridge.js';
import { Words, ticket } from './common.js';

/** A phrase that could not be said for so long isn't said any more: nobody waits for it. */
const STALE_MS = 60_000;
const MAX_TRIES = 4;
/** So often somebody looks whether all this is still alive. */
const WATCH_MS = 5_000;
/** Nothing has moved for so long although something should. */
const STUCK_MS = 25_000;

const PHRASES = {
  hours: 'M24 42a18 18 0 1 0 0-36 18 18 0 0 0 0 36M24 14v10l7 5',
  tickets: 'M6 15h36v6a3 3 0 0 0 0 6v6H6v-6a3 3 0 0 0 0-6zM30 15v3M30 22.5v3M30 30v3',
  toilets: 'M16 12a3 3 0 1 0 0-6 3 3 0 0 0 0 6M11 17h10l2 13h-4l-1 12h-4l-1-12H9zM33 12a3 3 0 1 0 0-6 3 3 0 0 0 0 6M28 17h10v12h-2.5L35 42h-4l-.5-13H28zM24 6v36',
  lift: 'M10 6h28v36H10zM24 6v36M17 21l-3 4h6zM31 27l-3-4h6z',
  cafe: 'M8 18h26v12a9 9 0 0 1-9 9h-8a9 9 0 0 1-9-9zM34 21h3a5 5 0 0 1 0 10h-3M15 12c0-3 3-3 3-6M24 12c0-3 3-3 3-6',
  help: 'M24 42a18 18 0 1 0 0-36 18 18 0 0 0 0 36M18.5 19a5.5 5.5 0 1 1 8.2 4.8c-1.9 1.1-2.7 2.1-2.7 4.2M24 34v.5',
};

const words = new Words({
  en: {
    title: 'Harbour Museum – information',
    place: 'Harbour Museum',
    ask: 'Touch a question and listen.',
    full: 'Full screen',
    stop: 'Stop',
    idle: 'The answer is read aloud here.',
    open: 'Connected',
    connecting: 'Connecting …',
    waiting: 'Connection lost. Trying again',
    in: 'in {n} s',
    now: 'now',
    offline: 'No network. It goes on by itself when the network is back.',
    broken: 'The voice is out of order: {why} Trying again soon.',
    muted: 'The sound is held back. Touch the screen once.',
    later: 'Will be said as soon as the connection is back.',
    again: 'The connection broke. It is said once more.',
    stale: 'Not said: the connection was away too long. Please touch it again.',
    failed: 'It could not be said. Please touch it again.',
    hours: 'Opening hours',
    'hours.text': 'We are open every day except Monday, from ten in the morning until six in the evening.',
    tickets: 'Tickets',
    'tickets.text': 'Tickets are sold at the desk to your left. Children under twelve come in free.',
    toilets: 'Toilets',
    'toilets.text': 'The toilets are downstairs, next to the cloakroom. One of them has room for a wheelchair.',
    lift: 'Lift',
    'lift.text': 'The lift is behind you, past the big anchor. It goes to all three floors.',
    cafe: 'Café',
    'cafe.text': 'The café is on the top floor, with a view of the harbour. It closes at half past five.',
    help: 'I need help',
    'help.text': 'Please wait here a moment. Somebody from our team is coming to you.',
  },
  zh: {
    title: '港口博物馆 · 问询台',
    place: '港口博物馆',
    ask: '点一个问题，听回答。',
    full: '全屏',
    stop: '停止',
    idle: '回答会在这里朗读。',
    open: '已连接',
    connecting: '正在连接……',
    waiting: '连接已断开，正在重试',
    in: '（{n} 秒后）',
    now: '',
    offline: '没有网络。网络恢复后会自动继续。',
    broken: '语音暂时无法使用：{why} 稍后自动重试。',
    muted: '浏览器暂停了声音，请触摸一下屏幕。',
    later: '连接恢复后会立即朗读。',
    again: '连接中断，正在重新朗读。',
    stale: '没有读出：连接中断太久了。请再点一次。',
    failed: '没能读出来，请再点一次。',
    hours: '开放时间',
    'hours.text': '除星期一外，每天上午十点到下午六点开放。',
    tickets: '购票',
    'tickets.text': '请到您左手边的服务台购票。十二岁以下儿童免费。',
    toilets: '洗手间',
    'toilets.text': '洗手间在楼下，衣帽间旁边，其中一间可供轮椅使用。',
    lift: '电梯',
    'lift.text': '电梯在您身后，大船锚的旁边，可到全部三层。',
    cafe: '咖啡厅',
    'cafe.text': '咖啡厅在顶楼，可以看到整个港口，下午五点半结束营业。',
    help: '需要帮助',
    'help.text': '请在这里稍等，我们的工作人员马上就来。',
  },
});

const find = (id) => document.getElementById(id);
const bridge = new Voicebridge({
  model: 'qwen3-tts-flash-realtime',
  session: { voice: 'Cherry' },
  ticket: () => ticket(words),
  reconnect: true,
  heartbeatMs: 8_000,
});
const player = new Player();

/** What was touched and has not been said to its end: `{name, text, since, tries, speech}`. */
let wish = null;
/** Why the server won't have us; null: it will. */
let refusal = null;
let comeBackAt = 0;
let movedAt = performance.now();
/** Since when there is sound that doesn't come out; 0: it does. */
let mutedAt = 0;
let noted = { name: 'idle', alarm: false };

for (const [name, path] of Object.entries(PHRASES)) {
  const button = find('phrase').content.cloneNode(true).querySelector('button');
  button.dataset.phrase = name;
  button.querySelector('path').setAttribute('d', path);
  button.querySelector('.name').dataset.string = name;
  button.querySelector('.text').dataset.string = `${name}.text`;
  button.addEventListener('click', () => touch(name));
  find('phrases').append(button);
}

function touch(name) {
  player.unlock();
  keepAwake();
  bridge.cancel(player.stop());
  wish = { name, text: words.t(`${name}.text`), since: performance.now(), tries: 0, speech: null };
  say(wish);
}

async function say(what) {
  what.tries++;
  const speech = bridge.speak(what.text);
  what.speech = speech;
  movedAt = performance.now();
  if (what.tries > 1) note('again');
  else note(bridge.state === 'open' || bridge.state === 'connecting' ? '' : 'later');
  show();
  const { status, error } = await player.play(speech);
  if (wish !== what) return;
  if (status === 'failed' && error?.comeBack !== false && what.tries < MAX_TRIES) {
    say(what);
    return;
  }
  wish = null;
  note(status === 'failed' ? 'failed' : 'idle', status === 'failed');
  show();
}

function stop() {
  wish = null;
  bridge.cancel(player.stop());
  note('idle');
  show();
}

function note(name, alarm = false) {
  noted = { name, alarm };
}

/** Everything that can be seen follows from what is known. */
function show() {
  const link = linkState();
  mutedAt = link === 'muted' ? mutedAt || performance.now() : 0;
  find('link').dataset.state = link;
  const text = words.t(link, { why: refusal?.message ?? '' });
  if (find('link-text').textContent !== text) find('link-text').textContent = text;
  const seconds = Math.ceil((comeBackAt - performance.now()) / 1000);
  find('link-count').textContent = link === 'waiting' ? words.t(seconds > 0 ? 'in' : 'now', { n: seconds }) : '';

  const heard = wish && player.speech === wish.speech && wish.speech?.audioBytes > 0;
  const waits = wish && !heard;
  for (const button of document.querySelectorAll('.phrase')) {
    const chosen = button.dataset.phrase === wish?.name;
    button.setAttribute('aria-pressed', chosen);
    button.toggleAttribute('data-waits', chosen && waits && link !== 'open');
  }
  find('stop').disabled = !wish;
  if (heard) {
    const to = wish.speech.heardTo(player.playedMs);
    const said = document.createElement('b');
    said.textContent = wish.text.slice(0, to);
    find('words').replaceChildren(said, wish.text.slice(to));
  } else {
    find('words').replaceChildren();
  }
  const pending = waits && link !== 'open' && link !== 'connecting' ? 'later' : noted.name;
  const told = heard || !pending ? '' : words.t(pending);
  if (find('note').textContent !== told) find('note').textContent = told;
  find('note').toggleAttribute('data-alarm', noted.alarm && pending === noted.name);
}

function linkState() {
  if (wish && wish.speech?.audioBytes > 0 && !player.running) return 'muted';
  if (bridge.state === 'open') return 'open';
  if (!navigator.onLine) return 'offline';
  if (refusal) return 'broken';
  return bridge.state === 'waiting' ? 'waiting' : 'connecting';
}

function connect() {
  bridge.connect().then(
    () => (refusal = null),
    (cause) => {
      if (cause.code !== 'closed') refusal = cause;
      show();
    },
  );
}

/** Whatever went wrong in a way nobody thought of: it goes on. */
function watch() {
  if (bridge.state === 'closed') connect();
  if (!wish) return;
  if (mutedAt && performance.now() - mutedAt > STUCK_MS) {
    stop();
    player.close(); // the next touch takes the loudspeaker anew
    note('failed', true);
    show();
  } else if (bridge.state !== 'open' && performance.now() - wish.since > STALE_MS && wish.speech?.audioBytes === 0) {
    stop();
    note('stale', true);
    show();
  } else if (bridge.state === 'open' && linkState() !== 'muted' && performance.now() - movedAt > STUCK_MS) {
    bridge.cancel(player.stop());
    if (wish.tries < MAX_TRIES) say(wish);
    else stop();
  }
}

/** A screen that sleeps looks as dead as one that is. */
function keepAwake() {
  if (document.visibilityState === 'visible') navigator.wakeLock?.request('screen').catch(() => {});
}

bridge.addEventListener('state', show);
bridge.addEventListener('session', () => {
  refusal = null;
  show();
});
bridge.addEventListener('reconnecting', ({ detail }) => {
  comeBackAt = performance.now() + detail.inMs;
  show();
});
bridge.addEventListener('error', ({ detail: { error } }) => {
  if (!error.comeBack) refusal = error;
  show();
});
bridge.addEventListener('event', () => (movedAt = performance.now()));
player.addEventListener('played', () => {
  movedAt = performance.now();
  show();
});
for (const type of ['running', 'blocked', 'drained']) player.addEventListener(type, show);
player.addEventListener('unavailable', ({ detail }) => {
  refusal = detail.cause;
  bridge.cancel();
  show();
});
words.addEventListener('change', () => {
  stop();
  show();
});
find('stop').addEventListener('click', stop);
find('full').addEventListener('click', () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
});
window.addEventListener('pointerdown', () => player.running || player.unlock());
window.addEventListener('online', () => bridge.retryNow());
window.addEventListener('offline', show);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return;
  bridge.retryNow();
  keepAwake();
});
window.addEventListener('contextmenu', (event) => event.preventDefault());
setInterval(show, 500);
setInterval(watch, WATCH_MS);

words.refresh();
connect();
show();
