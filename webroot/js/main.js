import { Voicebridge } from '../client/voicebridge.js';
import { Player } from '../client/player.js';
import { Door } from './door.js';
import { i18n } from './i18n.js';
import { chosenModel, chosenVoice } from './memory.js';
import { Speaker } from './speaker.js';
import './ui/composer.js';
import './ui/key.js';
import './ui/options.js';
import './ui/player.js';
import './ui/preferences.js';
import './ui/status.js';
import './ui/timeline.js';
import { namesOf } from './ui/voices.js';

/** After a failed attempt to connect ahead of time, so long until the next. */
const WARM_AGAIN_MS = 10_000;

const find = (name) => document.querySelector(name);
const composer = find('vb-composer');
const status = find('vb-status');
const view = find('vb-player');
const timeline = find('vb-timeline');
const voices = find('vb-voices');
const options = find('vb-options');
const keyForm = find('vb-key');

const door = new Door();
const bridge = new Voicebridge({ url: door.realtimeUrl, model: '', ticket: () => door.ticket() });
const player = new Player();
const speaker = new Speaker(bridge, player);
let warmAgainAt = 0;
let complaint = null;

composer.adopt(status);

async function load() {
  status.show('loading');
  status.calm();
  try {
    const [models, known] = await Promise.all([door.models(), door.voices()]);
    voices.offer(models, known, { model: chosenModel.get(), voice: voices.voiceId || chosenVoice.get() });
    status.show('ready');
  } catch (cause) {
    complain({ code: 'lists', message: cause.message, hint: cause.hint });
  }
}

/** Tells the client what was chosen; a speech that is on its way keeps what it began with. */
function apply() {
  if (!voices.model || speaker.active) return;
  bridge.model = voices.model.id;
  bridge.update({ voice: voices.voiceId || undefined, ...options.fields });
}

/** Opens the session while the visitor is still about to click. */
function warm() {
  if (!voices.model || speaker.active || performance.now() < warmAgainAt) return;
  if (!voices.voiceId && !voices.modelIsVoice) return;
  warmAgainAt = performance.now() + WARM_AGAIN_MS;
  apply();
  bridge.connect().then(
    () => (warmAgainAt = 0),
    () => {}, // the click will say what is wrong
  );
}

function speak() {
  if (!voices.model) {
    if (status.state !== 'loading') load();
    return;
  }
  if (composer.text.trim() === '') {
    complain({ code: 'empty' }, { retry: false });
    composer.focusText();
    return;
  }
  if (!voices.voiceId && !voices.modelIsVoice) {
    complain({ code: 'no_voice' }, { retry: false });
    return;
  }
  status.calm();
  speaker.stop();
  apply();
  speaker.speak(composer.text, options.sampleRate);
}

function complain(error, how) {
  complaint = error;
  status.show('failed');
  status.complain(error, how);
}

function save() {
  const url = URL.createObjectURL(speaker.take.toWav());
  const link = document.createElement('a');
  link.href = url;
  link.download = `voicebridge-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}.wav`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

composer.addEventListener('speak', speak);
composer.addEventListener('stop', () => speaker.stop());
composer.addEventListener('warm', warm);
status.addEventListener('retry', () => (complaint?.code === 'lists' ? load() : speak()));
view.addEventListener('save', save);
view.addEventListener('again', () => speaker.replay());

voices.addEventListener('choose', ({ detail: { model, voice, voiceId } }) => {
  options.model = model;
  const [name, other] = voice ? namesOf(voice) : [voiceId || model.name || model.id, ''];
  composer.voice = { name: other ? `${name} ${other}` : name, language: voice?.language, model: model.name ?? model.id };
  chosenModel.set(model.id);
  chosenVoice.set(voiceId);
  apply();
});
options.addEventListener('change-options', apply);

speaker.addEventListener('state', ({ detail: { name, slots, error } }) => {
  composer.active = speaker.active;
  status.show(name, slots);
  if (error) {
    complain(error);
    if (error.code === 'key_needed') keyForm.ask({ focus: true });
  }
});
speaker.addEventListener('take', () => {
  view.show(speaker.take);
  timeline.show(speaker.take);
});
speaker.addEventListener('progress', ({ detail: { peak } }) => {
  view.level = peak;
  view.show(speaker.take);
});
player.addEventListener('played', ({ detail }) => (view.soundingSamples = detail.soundingSamples));
player.addEventListener('unavailable', ({ detail: { cause } }) => {
  speaker.stop();
  complain({ code: 'audio', message: cause.message });
});
bridge.addEventListener('warning', ({ detail }) => status.remark(detail.message));
bridge.addEventListener('error', ({ detail: { error } }) => {
  complaint = error;
  status.complain(error, { retry: false });
});
door.addEventListener('keyNeeded', () => keyForm.ask());
keyForm.addEventListener('key', ({ detail: { key } }) => {
  door.key = key;
  warmAgainAt = 0;
  const again = complaint?.code === 'key_needed';
  complaint = null;
  load().then(() => again && speak());
});

i18n.addEventListener('change', showLanguage);
window.addEventListener('offline', () => !speaker.active && status.show('offline'));
window.addEventListener('online', () => status.state === 'offline' && status.show('ready'));
window.addEventListener('pagehide', () => bridge.close());

function showLanguage() {
  document.documentElement.lang = i18n.language === 'zh' ? 'zh-CN' : 'en';
  document.title = i18n.t('page.title');
  for (const node of document.querySelectorAll('[data-string]')) node.textContent = i18n.t(node.dataset.string);
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', i18n.t(node.dataset.label));
}

showLanguage();
load();
