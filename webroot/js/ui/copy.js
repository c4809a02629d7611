import { h, icon } from './element.js';
import { COPY } from './icons.js';
import { toast } from './toast.js';

/**
 * A button that copies.
 *
 * @param {import('./element.js').VbElement} owner whose language it follows
 * @param {() => string} text what to copy, asked at the click
 */
export function copyButton(owner, text, { label = 'copy.label' } = {}) {
  const button = h('button', { type: 'button', class: 'secondary small copy' }, icon(COPY), owner.say(h('span'), label));
  button.addEventListener('click', () => copyText(text()));
  return button;
}

/** Copies, and says so. @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('copy.done');
  } catch {
    toast('copy.refused'); // a frame without the permission
  }
}
