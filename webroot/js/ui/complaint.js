import { i18n } from '../i18n.js';
import { h } from './element.js';

/** Where nothing came of the server, our words say all there is. */
const NETWORK = ['connect_failed', 'connect_timeout', 'connection_lost', 'no_answer', 'lists'];

/**
 * What went wrong, what to do, and what the vendor said, in a box. What the page knows is said in the
 * page's language, what only the server knows in the server's words.
 *
 * @param {import('./element.js').VbElement} owner whose language it follows
 * @param {{code?: string, message?: string, hint?: string, cause?: {evidence?: object}}} error
 * @param {() => void} [retry] where trying again may help
 */
export function complaint(owner, error, retry) {
  const known = `error.${error.code}`;
  const network = NETWORK.includes(error.code);
  const title = h('p', { class: 'what' });
  const box = h('div', { class: 'complaint', 'data-code': error.code ?? '' }, title);
  if (i18n.has(known)) owner.say(title, known);
  else if (error.message) title.textContent = error.message;
  else owner.say(title, 'state.failed');
  if (i18n.has(known) && error.message && !network) box.append(h('p', { class: 'message' }, error.message));
  if (error.hint) box.append(h('p', { class: 'hint' }, error.hint));
  else if (network) box.append(owner.say(h('p', { class: 'hint' }), 'error.hint.network'));
  const { evidence } = error.cause ?? {};
  if (evidence && Object.keys(evidence).length > 0) {
    box.append(h('details', { class: 'evidence' }, owner.say(h('summary'), 'error.evidence'), h('pre', { tabindex: 0 }, JSON.stringify(evidence, null, 2))));
  }
  if (retry) {
    const again = owner.say(h('button', { type: 'button', class: 'secondary small', 'data-retry': true }), 'error.retry');
    again.addEventListener('click', retry);
    box.append(again);
  }
  return box;
}

/** A remark that stops nothing. @param {Element} words */
export function remark(words) {
  return h('div', { class: 'complaint mild' }, words);
}

/** Diagnoses of the server as a list: the cause, and what to do. @param {object[]} diagnoses */
export function advice(diagnoses) {
  const words = (both) => both[i18n.language] ?? both.en;
  return h('ul', { class: 'advice' }, ...diagnoses.map(({ cause, advice: what }) => h('li', {}, h('b', {}, words(cause)), ' ', words(what))));
}
