import { i18n } from '../i18n.js';
import { theme } from '../memory.js';
import { VbElement, h } from './element.js';

/** Language and colours. */
class Preferences extends VbElement {
  build() {
    const group = this.say(h('div', { role: 'group', class: 'preferences' }), 'prefs.label', {}, 'aria-label');
    group.append(this.#languages(), this.#themes());
    this.append(group);
  }

  #languages() {
    const buttons = [
      ['zh', '中文', 'zh-CN', '中文'],
      ['en', 'EN', 'en', 'English'],
    ].map(([language, letters, lang, name]) => {
      const button = h('button', { type: 'button', class: 'segment', lang, 'data-language': language, 'aria-label': name }, letters);
      this.scope.on(button, 'click', () => (i18n.language = language));
      return button;
    });
    const show = () => {
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.language === i18n.language));
    };
    this.scope.on(i18n, 'change', show);
    show();
    const group = h('div', { role: 'group', class: 'segments' }, ...buttons);
    return this.say(group, 'prefs.language', {}, 'aria-label');
  }

  #themes() {
    const select = h('select', { class: 'quiet', id: 'theme' });
    for (const value of ['auto', 'light', 'dark']) {
      select.append(this.say(h('option', { value }), `prefs.theme.${value}`));
    }
    const show = () => {
      if (select.value === 'auto') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = select.value;
      document.dispatchEvent(new Event('themechange'));
    };
    select.value = theme.get() ?? 'auto';
    show();
    this.scope.on(select, 'change', () => {
      theme.set(select.value === 'auto' ? '' : select.value);
      show();
    });
    return this.say(select, 'prefs.theme', {}, 'aria-label');
  }
}

customElements.define('vb-preferences', Preferences);
