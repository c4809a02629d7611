import { i18n } from '../i18n.js';
import { h } from './element.js';

/**
 * What went wrong and what to do, in a box.
 *
 * @param {{code?: string, message?: string, hint?: string}} error
 * @param {() => void} [retry] where trying again may help
 */
export function complaint(error, retry) {
  const known = i18n.has(`error.${error.code}`);
  const words = known ? i18n.t(`error.${error.code}`) : error.message || i18n.t('state.failed');
  const box = h('div', { class: 'complaint' }, h('p', { class: 'what' }, words));
  if (known && error.message) box.append(h('p', {}, error.message));
  if (error.hint) box.append(h('p', { class: 'hint' }, error.hint));
  if (retry) {
    const again = h('button', { type: 'button', class: 'secondary small', 'data-retry': true }, i18n.t('error.retry'));
    again.addEventListener('click', retry);
    box.append(again);
  }
  return box;
}

/** Diagnoses of the server as a list: the cause, and what to do. @param {object[]} diagnoses */
export function advice(diagnoses) {
  const words = (both) => both[i18n.language] ?? both.en;
  return h('ul', { class: 'advice' }, ...diagnoses.map(({ cause, advice: what }) => h('li', {}, h('b', {}, words(cause)), ' ', words(what))));
}
