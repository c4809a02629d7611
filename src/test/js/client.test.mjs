import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Voicebridge, mayComeBack } from '../../../webroot/client/voicebridge.js';

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

test('responses that the server cut itself all belong to the speech, the committed one ends it', async () => {
  const [bridge, socket] = await open({ session: { mode: 'server_commit' } });
  const speech = bridge.speak('One. Two.');
  const heard = [];
  let lulls = 0;
  speech.addEventListener('audio', ({ detail }) => heard.push(...new Int16Array(detail.pcm)));
  speech.addEventListener('lull', () => lulls++);
  await settle();
  socket.says({ type: 'response.created', response: { id: 'r1' } });
  socket.audio(1);
  socket.says({ type: 'input_text_buffer.committed', response_id: 'r2' });
  socket.says({ type: 'response.done', response: { id: 'r1', status: 'completed' } });
  socket.says({ type: 'response.created', response: { id: 'r2' } });
  socket.audio(2);
  assert.equal(speech.status, 'speaking');
  socket.says({ type: 'response.done', response: { id: 'r2', status: 'completed' } });

  assert.equal((await speech.done).status, 'completed');
  assert.deepEqual(heard, [1, 2]);
  assert.equal(lulls, 1);
});

test('a commit with nothing left to commit is no failure once it has been spoken', async () => {
  const [bridge, socket] = await open({ session: { mode: 'server_commit' } });
  const speech = bridge.speak('One.');
  await settle();
  socket.says({ type: 'response.created', response: { id: 'r1' } });
  const commit = socket.last('input_text_buffer.commit').event_id;
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
