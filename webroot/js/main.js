import { i18n } from './i18n.js';
import { Studio } from './studio.js';
import './ui/key.js';
import './ui/preferences.js';
import { toast } from './ui/toast.js';

/** The pages of the studio, in the order of the navigation; each comes when it is first opened. */
const VIEWS = {
  clone: () => import('./views/clone.js'),
  design: () => import('./views/design.js'),
  library: () => import('./views/library.js'),
  speak: () => import('./views/speak.js'),
  talk: () => import('./views/talk.js'),
  script: () => import('./views/script.js'),
  profiles: () => import('./views/profiles.js'),
  use: () => import('./views/use.js'),
};
const FIRST = 'clone';

const studio = new Studio();
const main = document.querySelector('main');
const links = document.querySelectorAll('nav a');
const keyForm = document.querySelector('vb-key');
let shown = null;
let turns = 0;

/** `#/speak?voice=…` opens `<vb-speak>`. */
async function open() {
  // A modal dialog of the page that is left would keep every click to itself.
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  const [name, query] = location.hash.replace(/^#\/?/, '').split('?');
  const wanted = Object.hasOwn(VIEWS, name) ? name : FIRST;
  const turn = ++turns;
  try {
    await VIEWS[wanted]();
  } catch {
    if (turn === turns) toast('error.page', {}, { label: 'error.reload', act: () => location.reload() });
    return;
  }
  if (turn !== turns) return; // another click since
  for (const link of links) {
    if (link.hash === `#/${wanted}`) {
      link.setAttribute('aria-current', 'page');
      link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.clientWidth / 2; // on a phone they don't all fit
    } else link.removeAttribute('aria-current');
  }
  let view = main.querySelector(`vb-${wanted}`);
  if (!view) {
    view = document.createElement(`vb-${wanted}`);
    view.studio = studio;
    main.append(view);
  }
  if (shown && shown !== view) {
    shown.leave();
    shown.hidden = true;
  }
  const changed = shown !== null && shown !== view;
  shown = view;
  view.hidden = false;
  view.open(new URLSearchParams(query));
  if (changed) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  showTitle();
}

function showTitle() {
  const current = [...links].find((link) => link.hasAttribute('aria-current'));
  document.title = current ? `${i18n.t(current.dataset.string)} – Voicebridge` : 'Voicebridge';
}

function showLanguage() {
  document.documentElement.lang = i18n.language === 'zh' ? 'zh-CN' : 'en';
  for (const node of document.querySelectorAll('[data-string]')) node.textContent = i18n.t(node.dataset.string);
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', i18n.t(node.dataset.label));
  showTitle();
}

// The focus moves only where somebody waits for it.
studio.door.addEventListener('keyNeeded', () => keyForm.ask({ focus: navigator.userActivation?.isActive }));
keyForm.addEventListener('key', ({ detail: { key } }) => {
  studio.door.key = key;
  studio.load();
});
const keys = document.querySelector('#keys');
keys.addEventListener('click', () => keyForm.toggle());
keyForm.addEventListener('provider-key', ({ detail: { key } }) => {
  studio.useProviderKey(key);
  keys.dataset.label = key ? 'keys.own' : 'keys.label';
  keys.setAttribute('aria-label', i18n.t(keys.dataset.label));
  keys.classList.toggle('in-use', key !== '');
});
if (window.top !== window) {
  const framed = document.querySelector('.framed');
  framed.hidden = false;
  // With the page that is shown, so that nothing has to be found again.
  framed.firstChild.addEventListener('click', ({ target }) => (target.href = location.href));
  framed.firstChild.href = location.href;
}
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
i18n.addEventListener('change', showLanguage);
addEventListener('hashchange', open);
addEventListener('pagehide', () => studio.close());

open();
showLanguage();
studio.load();
