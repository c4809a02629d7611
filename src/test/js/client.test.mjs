import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Voicebridge, comeBackAfterMs, mayComeBack } from '../../../webroot/client/voicebridge.js';

/** Every socket that the client opened, oldest first. */
let sockets = [];
let bridges = [];

class FakeSocket {
  readyState = 0;
  sent = [];
  constructor(url, protocols) {
    Object.assign(this, { url, protocols });
    sockets.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close(code) {
    this.closedWith = code;
    this.onclose?.({ code, reason: '' });
  }
  /** As the server does it. */
  says(event) {
    this.readyState = 1;
    this.onmessage?.({ data: JSON.stringify(event) });
  }
  audio(...samples) {
    this.onmessage({ data: Int16Array.from(samples).buffer });
  }
  drops(code, reason = '') {
    this.onclose({ code, reason });
  }
  types() {
    return this.sent.map((event) => event.type);
  }
  last(type) {
    return this.sent.filter((event) => event.type === type).at(-1);
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const SESSION = { id: 'sess_1', model: 'm', voice: 'Cherry', sample_rate: 24000 };

function client(options = {}) {
  const bridge = new Voicebridge({ url: 'ws://h/v1/realtime', model: 'a model', WebSocket: FakeSocket, ...options });
  bridges.push(bridge);
  return bridge;
}

/** A client with an open session. */
async function open(options) {
  const bridge = client(options);
  const connecting = bridge.connect();
  await settle();
  sockets.at(-1).says({ type: 'session.created', session: SESSION });
  await connecting;
  return [bridge, sockets.at(-1)];
}

/** Speaks, and lets the server name and begin the response. */
async function begin(bridge, socket, id = 'r1', text = 'hello') {
  const speech = bridge.speak(text);
  const heard = [];
  speech.addEventListener('audio', ({ detail }) => heard.push(...new Int16Array(detail.pcm)));
  await settle();
  socket.says({ type: 'input_text_buffer.committed', response_id: id });
  socket.says({ type: 'response.created', response: { id, sample_rate: 16000 } });
  return [speech, heard];
}

beforeEach(() => {
  sockets = [];
  bridges = [];
});

afterEach(() => {
  for (const bridge of bridges) bridge.close();
});

test('it asks for its model, and shows a ticket as a subprotocol', async () => {
  client().speak('x');
  await settle();
  assert.equal(sockets[0].url, 'ws://h/v1/realtime?model=a%20model');
  assert.equal(sockets[0].protocols, undefined);

  client({ ticket: async () => 'abc' }).speak('x');
  await settle();
  assert.deepEqual(sockets[1].protocols, ['voicebridge.v1', 'ticket.abc']);
});

test('the session is described before the first text, once', async () => {
  const [bridge, socket] = await open({ session: { voice: 'Kiki' } });
  bridge.speak('one');
  bridge.speak('two');
  await settle();
  assert.deepEqual(socket.types(), [
    'session.update',
    'input_text_buffer.append',
    'input_text_buffer.commit',
    'input_text_buffer.append',
    'input_text_buffer.commit',
  ]);
  assert.deepEqual(socket.sent[0].session, { response_format: 'pcm', mode: 'commit', voice: 'Kiki' });
  assert.equal(new Set(socket.sent.map((event) => event.event_id)).size, 5);
});

test('an update says only what changed', async () => {
  const [bridge, socket] = await open();
  bridge.update({ voice: 'Kiki', mode: 'commit' });
  bridge.update({ voice: 'Kiki' });
  assert.deepEqual(socket.last('session.update').session, { voice: 'Kiki' });
  assert.equal(socket.types().filter((type) => type === 'session.update').length, 2);
});

test('frames between created and done are heard, at the response’s own rate', async () => {
  const [bridge, socket] = await open();
  const [speech, heard] = await begin(bridge, socket);
  let rate = 0;
  speech.addEventListener('audio', ({ detail }) => (rate = detail.sampleRate));
  socket.audio(1, 2);
  socket.audio(3);
  socket.says({ type: 'response.audio.done', response_id: 'r1' });
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'completed', first_audio_ms: 42 } });
  socket.audio(9);

  assert.deepEqual(heard, [1, 2, 3]);
  assert.equal(rate, 16000);
  const outcome = await speech.done;
  assert.equal(outcome.status, 'completed');
  assert.equal(outcome.firstAudioMs, 42);
  assert.equal(bridge.droppedFrames, 1);
});

test('cancel is final at once, whatever is still on the wire', async () => {
  const [bridge, socket] = await open();
  const [speech, heard] = await begin(bridge, socket);
  socket.audio(1);
  bridge.cancel({ playedMs: 12.6 });
  assert.equal((await speech.done).status, 'cancelled');
  assert.equal(socket.last('response.cancel').played_ms, 13);

  const [next, heardNext] = [bridge.speak('next'), []];
  next.addEventListener('audio', ({ detail }) => heardNext.push(...new Int16Array(detail.pcm)));
  await settle();
  socket.audio(2);
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'cancelled' } });
  socket.says({ type: 'input_text_buffer.committed', response_id: 'r2' });
  socket.says({ type: 'response.created', response: { id: 'r2', sample_rate: 16000 } });
  socket.audio(3);

  assert.deepEqual(heard, [1]);
  assert.deepEqual(heardNext, [3]);
});

test('cancelling before the commit is acknowledged does not give its audio to the next', async () => {
  const [bridge, socket] = await open();
  bridge.speak('old');
  await settle();
  bridge.cancel();
  const next = bridge.speak('new');
  const heard = [];
  next.addEventListener('audio', ({ detail }) => heard.push(...new Int16Array(detail.pcm)));
  await settle();

  socket.says({ type: 'input_text_buffer.committed', response_id: 'r1' });
  socket.says({ type: 'response.created', response: { id: 'r1' } });
  socket.audio(1);
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'cancelled' } });
  socket.says({ type: 'input_text_buffer.committed', response_id: 'r2' });
  socket.says({ type: 'response.created', response: { id: 'r2' } });
  socket.audio(2);

  assert.deepEqual(heard, [2]);
});

test('cancelling what has ended sends nothing', async () => {
  const [bridge, socket] = await open();
  const [speech] = await begin(bridge, socket);
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'completed' } });
  await speech.done;
  bridge.cancel();
  assert.equal(socket.last('response.cancel'), undefined);
});

test('responses that the server cut itself all belong to the speech, the blank one ends it', async () => {
  const [bridge, socket] = await open({ session: { mode: 'server_commit' } });
  const speech = bridge.speak('One. Two.');
  const heard = [];
  let lulls = 0;
  speech.addEventListener('audio', ({ detail }) => heard.push(...new Int16Array(detail.pcm)));
  speech.addEventListener('lull', () => lulls++);
  await settle();
  assert.deepEqual(
    socket.sent.slice(1).map(({ type, text }) => text ?? type),
    ['One. Two.', 'input_text_buffer.commit', ' ', 'input_text_buffer.commit'],
  );
  // The response that the commit has named may be the first of them.
  socket.says({ type: 'input_text_buffer.committed', response_id: 'r1' });
  socket.says({ type: 'response.created', response: { id: 'r1' } });
  socket.audio(1);
  socket.says({ type: 'input_text_buffer.committed', response_id: 'blank' });
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'completed', first_audio_ms: 40, usage: { characters: 4 } } });
  socket.says({ type: 'response.created', response: { id: 'r2' } });
  socket.audio(2);
  assert.equal(speech.status, 'speaking');
  socket.says({ type: 'response.done', response: { id: 'r2', status: 'completed', first_audio_ms: 90, usage: { characters: 5 } } });
  socket.says({ type: 'response.created', response: { id: 'blank' } });
  socket.audio(0);
  socket.says({ type: 'response.done', response: { id: 'blank', status: 'completed', first_audio_ms: 1, usage: { audio_ms: 200 } } });

  const { status, firstAudioMs, usage } = await speech.done;
  assert.deepEqual([status, firstAudioMs, usage], ['completed', 40, { characters: 9 }]);
  assert.deepEqual(heard, [1, 2]);
  assert.equal(lulls, 2);
  assert.equal(bridge.droppedFrames, 0);
});

test('a commit with nothing left to commit is no failure once it has been spoken', async () => {
  const [bridge, socket] = await open({ session: { mode: 'server_commit' } });
  const speech = bridge.speak('One.');
  await settle();
  socket.says({ type: 'response.created', response: { id: 'r1' } });
  const commit = socket.sent.find(({ type }) => type === 'input_text_buffer.commit').event_id;
  socket.says({ type: 'error', error: { code: 'empty', message: 'nothing', event_id: commit } });
  socket.audio(1);
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'completed' } });
  assert.equal((await speech.done).status, 'completed');
});

test('a place in the queue is told', async () => {
  const [bridge, socket] = await open();
  const speech = bridge.speak('x');
  const places = [];
  speech.addEventListener('queued', ({ detail }) => places.push(detail));
  await settle();
  socket.says({ type: 'input_text_buffer.committed', response_id: 'r1' });
  socket.says({ type: 'response.queued', response_id: 'r1', place: 2, eta_ms: 900 });
  assert.deepEqual(places, [{ place: 2, etaMs: 900 }]);
});

test('an error about the text fails it, with the server’s message and hint', async () => {
  const [bridge, socket] = await open();
  const speech = bridge.speak('x');
  await settle();
  const id = socket.last('input_text_buffer.commit').event_id;
  socket.says({ type: 'error', error: { code: 'text_too_long', message: 'Too long.', hint: 'Say less.', event_id: id } });
  const { status, error } = await speech.done;
  assert.equal(status, 'failed');
  assert.deepEqual([error.code, error.message, error.hint], ['text_too_long', 'Too long.', 'Say less.']);
});

test('a failed response carries the error that came before it, and the session goes on', async () => {
  const [bridge, socket] = await open();
  const [speech] = await begin(bridge, socket);
  socket.says({ type: 'error', error: { code: 'upstream', message: 'It broke.' } });
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'failed' } });
  assert.equal((await speech.done).error.code, 'upstream');

  const [next] = await begin(bridge, socket, 'r2');
  socket.says({ type: 'response.done', response: { id: 'r2', status: 'completed' } });
  assert.equal((await next.done).status, 'completed');
  assert.equal(sockets.length, 1);
});

test('a refused session says why', async () => {
  const speech = client().speak('x');
  await settle();
  sockets[0].says({ type: 'error', error: { code: 'model_not_found', message: 'No such model.', hint: 'Try m.' } });
  sockets[0].drops(4504);
  const { status, error } = await speech.done;
  assert.equal(status, 'failed');
  assert.deepEqual([error.code, error.hint, error.closeCode], ['model_not_found', 'Try m.', 4504]);
});

test('an unreachable server fails the speech, and the next one tries again', async () => {
  const bridge = client();
  const speech = bridge.speak('x');
  await settle();
  sockets[0].drops(1006);
  assert.equal((await speech.done).error.code, 'connect_failed');
  assert.equal(bridge.state, 'closed');

  bridge.speak('x');
  await settle();
  assert.equal(sockets.length, 2);
});

for (const code of [1000, 1012, 4009]) {
  test(`after an idle close with ${code} the next text opens a new session and describes it again`, async () => {
    const [bridge, socket] = await open({ session: { voice: 'Kiki' } });
    socket.drops(code);
    assert.equal(bridge.state, 'closed');
    bridge.speak('x');
    await settle();
    assert.equal(sockets.length, 2);
    sockets[1].says({ type: 'session.created', session: SESSION });
    await settle();
    assert.deepEqual(sockets[1].types(), ['session.update', 'input_text_buffer.append', 'input_text_buffer.commit']);
    assert.equal(sockets[1].sent[0].session.voice, 'Kiki');
  });
}

test('a text that the lost socket has not begun to speak is said again, once', async () => {
  const [bridge, socket] = await open();
  const speech = bridge.speak('x');
  await settle();
  socket.drops(1006);
  await settle();
  sockets[1].says({ type: 'session.created', session: SESSION });
  await settle();
  assert.equal(sockets[1].last('input_text_buffer.append').text, 'x');
  sockets[1].drops(1006);
  assert.equal((await speech.done).error.code, 'connection_lost');
  assert.equal(sockets.length, 2);
});

test('a text that was already heard in part is not said twice', async () => {
  const [bridge, socket] = await open();
  const [speech] = await begin(bridge, socket);
  socket.audio(1);
  socket.drops(1006);
  const { error } = await speech.done;
  assert.deepEqual([error.code, error.closeCode], ['connection_lost', 1006]);
  await settle();
  assert.equal(sockets.length, 1);
});

test('a close that forbids coming back is not retried', async () => {
  const [bridge, socket] = await open();
  const speech = bridge.speak('x');
  await settle();
  socket.drops(4500, 'bad ticket');
  const { error } = await speech.done;
  assert.deepEqual([error.message, error.closeCode], ['bad ticket', 4500]);
  await settle();
  assert.equal(sockets.length, 1);
});

test('silence of the server is a failure after a while', async () => {
  const [bridge] = await open({ quietMs: 20 });
  const { error } = await bridge.speak('x').done;
  assert.equal(error.code, 'no_answer');
});

test('a server that never greets is given up', async () => {
  const { error } = await client({ connectTimeoutMs: 20 }).speak('x').done;
  assert.equal(error.code, 'connect_timeout');
  await settle();
  assert.ok('closedWith' in sockets[0]);
});

test('warnings reach the page, garbage and unknown events do no harm', async () => {
  const [bridge, socket] = await open();
  const warnings = [];
  bridge.addEventListener('warning', ({ detail }) => warnings.push(detail.code));
  socket.onmessage({ data: '{not json' });
  socket.says({ type: 'something.new' });
  socket.says({ type: 'response.done', response: { id: 'never', status: 'completed' } });
  socket.says({ type: 'session.updated', session: { warnings: [{ code: 'unknown_voice', message: 'm' }] } });
  assert.deepEqual(warnings, ['unknown_voice']);
  assert.equal(bridge.state, 'open');
});

test('another model closes the session', async () => {
  const [bridge, socket] = await open();
  bridge.model = 'other';
  assert.equal(socket.closedWith, 1000);
  const connecting = bridge.connect();
  await settle();
  assert.match(sockets[1].url, /model=other$/);
  sockets[1].says({ type: 'session.created', session: SESSION });
  await connecting;
});

test('a text right after a change of model is spoken by the new one, even while the old one was connecting', async () => {
  const bridge = client();
  const ahead = bridge.connect().catch((error) => error.code);
  await settle();
  bridge.model = 'other';
  const speech = bridge.speak('x');
  assert.equal(await ahead, 'closed');
  assert.match(sockets[1].url, /model=other$/);
  sockets[1].says({ type: 'session.created', session: SESSION });
  await settle();
  assert.equal(speech.status, 'waiting');
  assert.equal(sockets[0].closedWith, undefined);
  sockets[0].onopen();
  assert.equal(sockets[0].closedWith, 1000);
});

test('the close table says what comes back', () => {
  for (const code of [1000, 1001, 1006, 1012, 4008, 4009, 4010, 4011, 4029]) assert.ok(mayComeBack(code), String(code));
  for (const code of [1007, 1009, 4500, 4501, 4502, 4504]) assert.ok(!mayComeBack(code), String(code));
});

// ---- coming back

test('the wait before coming back follows the close code', () => {
  const wait = (code, failures, random = 1) => comeBackAfterMs({ code, failures, random: () => random });
  assert.equal(wait(1012, 0), 0); // another instance is there already
  for (const code of [1006, 4008, 4010, 1012]) {
    assert.equal(wait(code, 1), 1_000);
    assert.equal(wait(code, 3), 4_000);
    assert.equal(wait(code, 40), 30_000);
    assert.equal(wait(code, 3, 0.25), 1_000); // spread over the whole time
    assert.equal(wait(code, 3, 0), 0);
  }
  assert.equal(comeBackAfterMs({ code: 4029, retryAfterMs: 7_000, random: () => 0 }), 7_000);
  assert.equal(comeBackAfterMs({ code: 4029, retryAfterMs: 7_000, random: () => 1 }), 14_000);
  assert.equal(comeBackAfterMs({ code: 4029, random: () => 0 }), 5_000);
});

/** As {@link open}, coming back without a wait. */
const steady = (options) => open({ reconnect: true, random: () => 0, ...options });
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

test('it comes back by itself, and again until it succeeds', async () => {
  const [bridge, socket] = await steady();
  const told = [];
  bridge.addEventListener('state', ({ detail }) => told.push(detail.state));
  bridge.addEventListener('reconnecting', ({ detail }) => told.push([detail.attempt, detail.error.closeCode]));
  socket.drops(1006);
  await soon();
  sockets[1].drops(1006);
  await soon();
  sockets[2].says({ type: 'session.created', session: SESSION });
  await settle();
  assert.deepEqual(told, [
    ...['closed', 'waiting', [1, 1006], 'connecting', 'closed', 'waiting', [2, 1006], 'connecting', 'open'],
  ]);
});

test('what was asked for while it was away is said in its order, once it is back', async () => {
  const [bridge, socket] = await steady();
  const first = bridge.speak('one');
  await settle();
  socket.drops(1012);
  bridge.speak('two');
  const lost = bridge.speak('never mind');
  lost.cancel();
  await soon();
  sockets[1].drops(4008);
  await soon();
  sockets[2].says({ type: 'session.created', session: SESSION });
  await settle();
  const texts = sockets[2].sent.filter(({ type }) => type === 'input_text_buffer.append').map(({ text }) => text);
  assert.deepEqual(texts, ['one', 'two']);
  sockets[2].says({ type: 'input_text_buffer.committed', response_id: 'r1' });
  sockets[2].says({ type: 'response.created', response: { id: 'r1' } });
  sockets[2].says({ type: 'response.done', response: { id: 'r1', status: 'completed' } });
  assert.equal((await first.done).status, 'completed');
});

test('what was being heard fails, what waits behind it is said after coming back', async () => {
  const [bridge, socket] = await steady();
  const [heard] = await begin(bridge, socket);
  const next = bridge.speak('next');
  await settle();
  socket.audio(1);
  socket.drops(1006);
  assert.equal((await heard.done).error.code, 'connection_lost');
  await soon();
  sockets[1].says({ type: 'session.created', session: SESSION });
  await settle();
  assert.equal(sockets[1].last('input_text_buffer.append').text, 'next');
  assert.equal(next.status, 'waiting');
});

for (const code of [4500, 4501, 4502, 4504, 1007, 1009]) {
  test(`it never comes back after ${code}`, async () => {
    const [bridge, socket] = await steady();
    const speech = bridge.speak('x');
    await settle();
    socket.drops(code);
    assert.equal((await speech.done).error.closeCode, code);
    await soon();
    assert.equal(sockets.length, 1);
    assert.equal(bridge.state, 'closed');
  });
}

test('a server that has too many is left alone as long as it asks', async () => {
  const [bridge, socket] = await steady();
  const waits = [];
  bridge.addEventListener('reconnecting', ({ detail }) => waits.push(detail.inMs));
  socket.says({ type: 'error', error: { code: 'too_many', message: 'later', retry_after: 7 } });
  socket.drops(4029);
  await soon();
  assert.equal(sockets.length, 1);
  assert.deepEqual(waits, [7_000]);
  assert.equal(bridge.state, 'waiting');

  bridge.retryNow();
  await settle();
  assert.equal(sockets.length, 2);
});

test('a close while it waits to come back is final', async () => {
  const [bridge, socket] = await steady({ random: () => 1 });
  socket.drops(1006);
  const speech = bridge.speak('x');
  bridge.close();
  assert.equal((await speech.done).status, 'cancelled');
  await settle();
  assert.equal(bridge.state, 'closed');
  assert.equal(sockets.length, 1);
});

test('a network that died in silence is noticed', async () => {
  const [bridge, socket] = await steady({ heartbeatMs: 10 });
  const closed = new Promise((resolve) => bridge.addEventListener('closed', ({ detail }) => resolve(detail)));
  while (socket.sent.length < 2) await soon();
  assert.deepEqual(socket.last('session.update').session, {});
  socket.says({ type: 'session.updated', session: {} });
  assert.equal(bridge.state, 'open');
  assert.equal((await closed).code, 1006);
});

// ---- who

test('a visitor’s own key is the first message, and only in a message', async () => {
  client({ providerKey: 'sk-visitor', session: { voice: 'Kiki' } }).speak('x');
  await settle();
  sockets[0].onopen();
  sockets[0].says({ type: 'session.created', session: SESSION });
  assert.deepEqual(sockets[0].sent[0], { type: 'session.authenticate', provider_key: 'sk-visitor' });
  assert.equal(sockets[0].sent[1].type, 'session.update');
  assert.ok(!sockets[0].url.includes('sk-visitor'));
});

test('a program’s key fetches a ticket for each connection', async (t) => {
  const asked = [];
  t.mock.method(globalThis, 'fetch', async (url, { headers }) => {
    asked.push([url, headers.Authorization]);
    return new Response(JSON.stringify({ ticket: `t${asked.length}` }));
  });
  const bridge = client({ url: 'wss://h/v1/realtime', key: 'k' });
  bridge.speak('x');
  await settle();
  assert.deepEqual(asked, [['https://h/v1/realtime/tickets', 'Bearer k']]);
  assert.deepEqual(sockets[0].protocols, ['voicebridge.v1', 'ticket.t1']);
});

test('a key that is refused is not tried again', async (t) => {
  t.mock.method(globalThis, 'fetch', async () => new Response('{"error":{"message":"No."}}', { status: 401 }));
  const { error } = await client({ key: 'k', reconnect: true }).speak('x').done;
  assert.deepEqual([error.code, error.message, error.comeBack], ['key_needed', 'No.', false]);
});

// ---- text in pieces

test('text in pieces is one speech, from the first piece to the commit', async () => {
  const [bridge, socket] = await open({ session: { mode: 'server_commit' } });
  const speech = bridge.append('One. ');
  const heard = [];
  speech.addEventListener('audio', ({ detail }) => heard.push(...new Int16Array(detail.pcm)));
  await settle();
  socket.says({ type: 'response.created', response: { id: 'r1', sample_rate: 1000 } });
  socket.audio(1);
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'completed' } });
  assert.equal(bridge.append('Two.'), speech);
  bridge.commit();
  socket.says({ type: 'input_text_buffer.committed', response_id: 'r2' });
  socket.says({ type: 'input_text_buffer.committed', response_id: 'blank' });
  for (const id of ['r2', 'blank']) {
    socket.says({ type: 'response.created', response: { id, sample_rate: 1000 } });
    socket.audio(id === 'blank' ? 0 : 2);
    socket.says({ type: 'response.done', response: { id, status: 'completed' } });
  }
  assert.equal((await speech.done).status, 'completed');
  assert.equal(speech.text, 'One. Two.');
  assert.deepEqual(heard, [1, 2]);
  const texts = socket.sent.filter(({ text }) => text !== undefined).map(({ text }) => text);
  assert.deepEqual(texts, ['One. ', 'Two.', ' ']);
});

test('text in pieces that came before the session is sent when it opens', async () => {
  const bridge = client();
  const speech = bridge.stream().append('One ').append('two.');
  await settle();
  sockets[0].says({ type: 'session.created', session: SESSION });
  await settle();
  assert.equal(sockets[0].last('input_text_buffer.append').text, 'One two.');
  assert.equal(sockets[0].last('input_text_buffer.commit'), undefined);
  speech.commit();
  assert.ok(sockets[0].last('input_text_buffer.commit'));
});

test('another speech commits the open one: their texts never mix', async () => {
  const [bridge, socket] = await open();
  bridge.append('One');
  bridge.speak('Two');
  await settle();
  assert.deepEqual(
    socket.sent.slice(1).map(({ type, text }) => text ?? type),
    ['One', 'input_text_buffer.commit', 'Two', 'input_text_buffer.commit'],
  );
});

test('cancelling what was appended and not committed empties the buffer', async () => {
  const [bridge, socket] = await open();
  bridge.append('One');
  await settle();
  bridge.cancel();
  assert.equal(socket.types().at(-1), 'input_text_buffer.clear');
});

test('a response that began before the cancel was heard belongs to nobody new', async () => {
  const [bridge, socket] = await open({ session: { mode: 'server_commit' } });
  bridge.append('Old text.');
  await settle();
  bridge.cancel();
  const next = bridge.append('New.');
  const heard = [];
  next.addEventListener('audio', ({ detail }) => heard.push(...new Int16Array(detail.pcm)));
  await settle();
  socket.says({ type: 'response.created', response: { id: 'r1' } });
  socket.audio(1);
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'cancelled' } });
  socket.says({ type: 'response.created', response: { id: 'r2' } });
  socket.audio(2);
  assert.deepEqual(heard, [2]);
});

// ---- one of several

test('one speech is cancelled alone, with the part of its response that was heard', async () => {
  const [bridge, socket] = await open();
  const [first, heard] = await begin(bridge, socket, 'r1');
  const second = bridge.speak('two');
  await settle();
  socket.says({ type: 'input_text_buffer.committed', response_id: 'r2' });
  socket.audio(1);
  first.cancel({ playedMs: 40.4 });
  socket.audio(2);
  assert.equal((await first.done).status, 'cancelled');
  const { response_id: id, played_ms: played } = socket.last('response.cancel');
  assert.deepEqual([id, played], ['r1', 40]);
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'cancelled' } });
  socket.says({ type: 'response.created', response: { id: 'r2' } });
  assert.equal(second.status, 'speaking');
  assert.deepEqual(heard, [1]);
});

test('a speech cancelled before it has a name is cancelled when it gets one', async () => {
  const [bridge, socket] = await open();
  const speech = bridge.speak('x');
  await settle();
  speech.cancel();
  assert.equal(socket.last('response.cancel'), undefined);
  socket.says({ type: 'input_text_buffer.committed', response_id: 'r1' });
  assert.equal(socket.last('response.cancel').response_id, 'r1');
});

test('what was heard of an earlier response is nothing of the one being spoken', async () => {
  const [bridge, socket] = await open({ session: { mode: 'server_commit' } });
  const speech = bridge.append('One. Two. Three.');
  await settle();
  for (const id of ['r1', 'r2']) {
    socket.says({ type: 'response.created', response: { id, sample_rate: 1000 } });
    socket.audio(...new Array(500).fill(1));
    if (id === 'r1') socket.says({ type: 'response.done', response: { id, status: 'completed' } });
  }
  bridge.cancel({ speech, playedMs: 700 });
  assert.equal(socket.last('response.cancel').played_ms, 200);
});

// ---- words

test('it says which word is heard, over the responses of a speech', async () => {
  const [bridge, socket] = await open();
  const speech = bridge.speak('Hello you. Hello me.');
  await settle();
  const words = (id, ...told) =>
    socket.says({
      type: 'response.audio.timestamps',
      response_id: id,
      words: told.map(([text, at, ms]) => ({ text, begin_index: at, end_index: at + text.length, begin_ms: ms, end_ms: ms + 100 })),
    });
  for (const [id, second] of [['r1', 'you'], ['r2', 'me']]) {
    socket.says({ type: 'response.created', response: { id, sample_rate: 1000 } });
    words(id, ['Hello', 0, 0], [second, 6, 200]);
    socket.audio(...new Array(400).fill(1));
    socket.says({ type: 'response.done', response: { id, status: 'completed' } });
  }
  assert.equal(speech.wordAt(-1), null);
  assert.equal(speech.wordAt(50).text, 'Hello');
  assert.equal(speech.wordAt(150).text, 'Hello'); // the pause after it
  assert.equal(speech.wordAt(250).text, 'you');
  const { text, beginIndex, endIndex, beginMs } = speech.wordAt(10_000);
  assert.deepEqual([text, beginIndex, endIndex, beginMs], ['me', 17, 19, 600]);
  assert.equal(speech.text.slice(0, speech.heardTo(450)), 'Hello you. Hello');
});

test('where no times are told, what is heard is estimated, in whole letters', async () => {
  const [bridge, socket] = await open();
  const [speech] = await begin(bridge, socket, 'r1', '你好，𠮷野家');
  assert.equal(speech.heardTo(0), 0);
  assert.equal(speech.text.slice(0, speech.heardTo(400)), '你好');
  assert.equal(speech.text.slice(0, speech.heardTo(600)), '你好，𠮷');
  socket.audio(...new Array(16_000 * 2).fill(1)); // two seconds: slower than usual
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'completed' } });
  assert.equal(speech.text.slice(0, speech.heardTo(600)), '你好');
  assert.equal(speech.heardTo(2_000), speech.text.length);
});

/** Asks, and lets the server name the answer. */
async function asked(bridge, socket, id = 'r1', prompt = 'A story?') {
  const answer = bridge.ask(prompt);
  const deltas = [];
  answer.addEventListener('text', ({ detail }) => deltas.push(detail.delta));
  await settle();
  socket.says({ type: 'response.queued', response_id: id, place: 0, eta_ms: 0 });
  return [answer, deltas];
}

test('a prompt is asked as it is, and its answer is read before and while it is heard', async () => {
  const [bridge, socket] = await open();
  const messages = [{ role: 'user', content: 'A story?' }];
  const [answer, deltas] = await asked(bridge, socket, 'r1', { messages, instructions: 'Be kind.' });
  const heard = [];
  answer.addEventListener('audio', ({ detail }) => heard.push(...new Int16Array(detail.pcm)));
  assert.deepEqual(socket.last('response.create').response, { messages, instructions: 'Be kind.' });

  socket.says({ type: 'response.text.delta', response_id: 'r1', delta: 'Once' });
  assert.equal(answer.text, 'Once');
  assert.equal(answer.written, false);
  socket.says({ type: 'response.created', response: { id: 'r1', sample_rate: 24000 } });
  socket.audio(1, 2);
  socket.says({ type: 'response.text.delta', response_id: 'r1', delta: ' upon a time.' });
  socket.says({ type: 'response.text.done', response_id: 'r1', text: 'Once upon a time.' });
  assert.equal(answer.written, true);
  socket.audio(3);
  const usage = { characters: 17, audio_ms: 900, input_tokens: 31, output_tokens: 9 };
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'completed', first_audio_ms: 640, timings: { first_token_ms: 305 }, usage } });

  assert.deepEqual(deltas, ['Once', ' upon a time.']);
  assert.deepEqual(heard, [1, 2, 3]);
  const outcome = await answer.done;
  assert.equal(outcome.status, 'completed');
  assert.deepEqual(outcome.usage, usage);
  assert.deepEqual([outcome.firstAudioMs, outcome.timings.first_token_ms], [640, 305]);
});

test('a string is a prompt', async () => {
  const [bridge, socket] = await open();
  await asked(bridge, socket);
  assert.deepEqual(socket.last('response.create').response, { input: 'A story?' });
});

test('talking over an answer: nothing of the first comes after the cancel, neither text nor sound', async () => {
  const [bridge, socket] = await open();
  const [first, deltas] = await asked(bridge, socket);
  socket.says({ type: 'response.text.delta', response_id: 'r1', delta: 'Once' });
  socket.says({ type: 'response.created', response: { id: 'r1', sample_rate: 24000 } });
  socket.audio(1);
  bridge.cancel({ playedMs: 12.4 });
  assert.equal((await first.done).status, 'cancelled');
  assert.equal(socket.last('response.cancel').played_ms, 12);
  const second = bridge.ask('Another one?');
  const heard = [];
  second.addEventListener('audio', ({ detail }) => heard.push(...new Int16Array(detail.pcm)));
  await settle();

  socket.says({ type: 'response.text.delta', response_id: 'r1', delta: ' upon' });
  socket.audio(2);
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'cancelled' } });
  socket.says({ type: 'response.queued', response_id: 'r2', place: 0, eta_ms: 0 });
  socket.says({ type: 'response.text.delta', response_id: 'r2', delta: 'Two' });
  socket.says({ type: 'response.created', response: { id: 'r2', sample_rate: 24000 } });
  socket.audio(9);

  assert.deepEqual(deltas, ['Once']);
  assert.equal(first.text, 'Once');
  assert.equal(second.text, 'Two');
  assert.deepEqual(heard, [9]);
});

test('an answer that is cancelled alone before it has a name is cancelled when it gets one', async () => {
  const [bridge, socket] = await open();
  const first = bridge.ask('one');
  const second = bridge.ask('two');
  await settle();
  first.cancel();
  assert.equal(socket.last('response.cancel'), undefined);
  socket.says({ type: 'response.queued', response_id: 'r1', place: 0, eta_ms: 0 });
  assert.equal(socket.last('response.cancel').response_id, 'r1');
  socket.says({ type: 'response.queued', response_id: 'r2', place: 1, eta_ms: 0 });
  socket.says({ type: 'response.text.delta', response_id: 'r2', delta: 'Two' });
  assert.equal(second.text, 'Two');
});

test('a prompt that is refused fails alone, and the next answer is not mistaken for its', async () => {
  const [bridge, socket] = await open();
  const first = bridge.ask('one');
  const second = bridge.ask('two');
  await settle();
  const [refused] = socket.sent.filter(({ type }) => type === 'response.create');
  socket.says({ type: 'error', error: { code: 'llm_not_configured', message: 'None.', hint: 'Set LLM_BASE_URL.', event_id: refused.event_id } });
  const { status, error } = await first.done;
  assert.deepEqual([status, error.code, error.hint], ['failed', 'llm_not_configured', 'Set LLM_BASE_URL.']);
  socket.says({ type: 'response.queued', response_id: 'r2', place: 0, eta_ms: 0 });
  socket.says({ type: 'response.text.delta', response_id: 'r2', delta: 'Two' });
  assert.equal(second.text, 'Two');
});

test('an answer lost before its first word is asked for again, one lost later has failed', async () => {
  const [bridge, socket] = await open({ reconnect: true, random: () => 0 });
  const [begun] = await asked(bridge, socket);
  socket.says({ type: 'response.text.delta', response_id: 'r1', delta: 'Once' });
  const waiting = bridge.ask('two');
  await settle();
  socket.drops(1012);
  assert.equal((await begun.done).status, 'failed');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const again = sockets.at(-1);
  again.says({ type: 'session.created', session: SESSION });
  await settle();
  assert.deepEqual(again.last('response.create').response, { input: 'two' });
  again.says({ type: 'response.queued', response_id: 'r9', place: 0, eta_ms: 0 });
  again.says({ type: 'response.text.delta', response_id: 'r9', delta: 'Two' });
  assert.equal(waiting.text, 'Two');
});

test('the words of an answer stand where the server says, whatever is spoken in their place', async () => {
  const [bridge, socket] = await open();
  const [answer] = await asked(bridge, socket);
  socket.says({ type: 'response.text.delta', response_id: 'r1', delta: 'Just **three steps**: one' });
  socket.says({ type: 'response.created', response: { id: 'r1', sample_rate: 24000 } });
  const word = (text, begin, end, ms) => ({ text, begin_index: begin, end_index: end, begin_ms: ms, end_ms: ms + 100 });
  const words = [word('Just', 0, 4, 0), word('three', 7, 12, 100), word('steps', 13, 18, 200), word('first', 22, 25, 300)];
  socket.says({ type: 'response.audio.timestamps', response_id: 'r1', words });
  assert.deepEqual(
    answer.words.map(({ beginIndex, endIndex }) => answer.text.slice(beginIndex, endIndex)),
    ['Just', 'three', 'steps', 'one'],
  );
  assert.equal(answer.heardTo(210), 'Just **three steps'.length);
});
