import { h } from './element.js';

/**
 * What went wrong, in the server's words, what to do, and what the vendor said.
 *
 * @param {import('./element.js').VbElement} owner whose language its buttons follow
 * @param {import('../../client/voicebridge.js').VoicebridgeError} error
 * @param {() => void} [retry]
 */
export function faultBox(owner, error, retry) {
  const network = ['connect_failed', 'connect_timeout'].includes(error.code);
  const title = h('p', { class: 'what' });
  const box = h('div', { class: 'complaint', 'data-code': error.code ?? '' }, title);
  if (network || error.code === 'key_needed') owner.say(title, network ? `error.${error.code}` : 'error.key');
  else title.textContent = error.message;
  if (error.hint) box.append(h('p', { class: 'hint' }, error.hint));
  else if (network) box.append(owner.say(h('p', { class: 'hint' }), 'clone.fault.network'));
  const { evidence } = error.cause ?? {};
  if (evidence && Object.keys(evidence).length > 0) {
    box.append(h('details', { class: 'evidence' }, owner.say(h('summary'), 'clone.fault.evidence'), h('pre', { tabindex: 0 }, JSON.stringify(evidence, null, 2))));
  }
  if (retry) {
    const button = owner.say(h('button', { type: 'button', class: 'secondary small', 'data-retry': true }), 'error.retry');
    button.addEventListener('click', retry);
    box.append(button);
  }
  return box;
}
