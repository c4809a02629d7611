import { i18n } from '../i18n.js';
import strings from '../i18n/profiles.js';
import { MAX_PROFILES, sessionOf } from '../profiles.js';
import { phraseFor } from '../samples.js';
import { saveFile } from '../save.js';
import { fromDb } from '../speak/level.js';
import { h } from '../ui/element.js';
import { toast } from '../ui/toast.js';
import '../ui/voice-pick.js';
import { View } from './view.js';

i18n.learn(strings);

/** Named sets of voice, model and manner; one card each. */
class ProfilesView extends View {
  #cards;
  #empty;
  #add;
  #speaker;
  #speaking = '';

  build() {
    this.#speaker = this.studio.newSpeaker();
    this.#cards = h('ul', { class: 'profile-cards' });
    this.#empty = h('li', { class: 'card empty' });
    this.#add = this.say(h('button', { type: 'button', class: 'primary', id: 'profile-add' }), 'profiles.add');
    const open = this.say(h('button', { type: 'button', class: 'secondary' }), 'profiles.import');
    const save = this.say(h('button', { type: 'button', class: 'secondary' }), 'profiles.export');
    const file = h('input', { type: 'file', accept: '.json,application/json', hidden: true });
    this.append(
      h('header', { class: 'page-head' }, this.say(h('h2'), 'profiles.title'), this.say(h('p', { class: 'help' }), 'profiles.lead')),
      h('div', { class: 'actions' }, this.#add, open, save, file),
      this.#cards,
    );
    this.scope.on(this.#add, 'click', () => this.#make());
    this.scope.on(open, 'click', () => file.click());
    this.scope.on(file, 'change', () => this.#read(file));
    this.scope.on(save, 'click', () => saveFile(new Blob([this.#profiles.toJson()], { type: 'application/json' }), 'voicebridge-profiles.json'));
    this.scope.on(this.studio, 'stock', () => this.#show());
    // What came while a card was in use.
    this.scope.on(this.#cards, 'focusout', () => this.scope.after(0, () => this.#show()));
    this.scope.on(this.#speaker, 'state', ({ detail }) => this.#hear(detail));
  }

  translate() {
    super.translate();
    this.#show();
  }

  open() {
    this.#show();
  }

  leave() {
    this.#speaker.stop();
  }

  get #profiles() {
    return this.studio.profiles;
  }

  #make() {
    const n = this.#profiles.all.length + 1;
    const voice = this.studio.voices[0];
    this.#put({ name: i18n.t('profiles.newName', { n }), model: voice && this.studio.modelFor(voice), voice: voice?.id, language: '' });
  }

  /** A further one; its name is what is to be written next. */
  #put(given) {
    try {
      const { id } = this.#profiles.put(given);
      this.#show();
      const name = this.#cardOf(id).querySelector('input');
      name.focus();
      name.select();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      toast('profiles.full', { n: MAX_PROFILES });
    }
  }

  async #read(input) {
    const [file] = input.files;
    input.value = '';
    if (!file) return;
    try {
      if (file.size > 1 << 20) throw new SyntaxError('too large');
      toast('profiles.taken', { n: this.#profiles.take(await file.text()) });
    } catch (error) {
      if (error instanceof RangeError) toast('profiles.full', { n: MAX_PROFILES });
      else toast('profiles.notAFile');
    }
    this.#show();
  }

  /** A card for each. One that is in use stays as it is: nothing is taken out of anybody's hands. */
  #show() {
    if (!this.#cards) return;
    this.#empty.textContent = i18n.t('profiles.empty');
    const cards = this.#profiles.all.map((one) => {
      const old = this.#cardOf(one.id);
      const stays = old && (old.contains(document.activeElement) || old.version === this.#version(one));
      return stays ? old : this.#card(one);
    });
    const wanted = cards.length > 0 ? cards : [this.#empty];
    for (const node of [...this.#cards.children]) if (!wanted.includes(node)) node.remove();
    // What is moved loses the focus: only what isn't in its place is.
    wanted.forEach((node, i) => this.#cards.children[i] !== node && this.#cards.insertBefore(node, this.#cards.children[i] ?? null));
  }

  /** What a card was made of. */
  #version(one) {
    return JSON.stringify([i18n.language, one, this.studio.models.find((each) => each.id === one.model) ?? null]);
  }

  #cardOf(id) {
    return [...this.#cards.children].find((card) => card.dataset.profile === id) ?? null;
  }

  #card(one) {
    const model = this.studio.models.find((each) => each.id === one.model);
    const card = h('li', { class: 'card profile', 'data-profile': one.id });
    card.version = this.#version(one);
    const change = (fields) => {
      card.version = this.#version(this.#profiles.put({ ...this.#profiles.get(one.id), ...fields }));
    };
    const name = h('input', { type: 'text', id: `${one.id}-name`, maxlength: 100, value: one.name });
    name.onchange = () => change({ name: name.value.trim() });
    const pick = h('vb-voice-pick');
    pick.studio = this.studio;
    pick.value = { model: one.model, voiceId: one.voice };
    pick.addEventListener('pick', ({ detail }) => {
      change({ model: detail.model.id, voice: detail.voiceId, language: '' });
      // Another model has other languages; whether it takes instructions, too.
      const next = this.#card(this.#profiles.get(one.id));
      card.replaceWith(next);
      next.querySelector('.pick').focus();
    });
    const language = this.#languages(one, model);
    language.onchange = () => change({ language: language.value });
    const takes = model === undefined || (model.abilities ?? []).includes('instructions');
    const instructions = h('textarea', {
      id: `${one.id}-instructions`,
      rows: 2,
      maxlength: 2000,
      placeholder: i18n.t(takes ? 'profiles.instructionsHint' : 'profiles.noInstructions'),
      disabled: !takes,
    });
    instructions.value = one.instructions;
    instructions.onchange = () => change({ instructions: instructions.value.trim() });
    card.append(
      this.#field(name, 'profiles.name'),
      h('div', { class: 'field' }, h('span', { class: 'row-label' }, i18n.t('profiles.voice')), pick),
      this.#field(language, 'profiles.language'),
      this.#slider(one, 'speed', { min: 0.5, max: 2, step: 0.05 }, (v) => `${i18n.number(v, { minimumFractionDigits: 2 })}×`, change),
      this.#slider(one, 'gain', { min: -12, max: 12, step: 1 }, (v) => i18n.t('profiles.gain.value', { db: i18n.number(v, { signDisplay: 'exceptZero' }) }), change),
      this.#field(instructions, 'profiles.instructions'),
      this.#buttons(one),
    );
    return card;
  }

  #field(control, key, ...more) {
    const head = h('div', { class: 'field-head' }, h('label', { for: control.id }, i18n.t(key)), ...more);
    return h('div', { class: 'field' }, head, control);
  }

  #slider(one, name, range, words, change) {
    const input = h('input', { id: `${one.id}-${name}`, type: 'range', ...range, value: one[name] });
    const value = h('output', { class: 'value', for: input.id });
    const show = () => {
      value.textContent = words(Number(input.value));
      input.setAttribute('aria-valuetext', value.textContent);
    };
    input.oninput = show;
    input.onchange = () => change({ [name]: Number(input.value) });
    show();
    return this.#field(input, `profiles.${name}`, value);
  }

  #languages(one, model) {
    const select = h('select', { id: `${one.id}-language` }, h('option', { value: '' }, i18n.t('profiles.language.auto')));
    for (const language of (model?.languages ?? []).filter((each) => each !== 'Auto')) {
      select.append(h('option', { value: language }, i18n.has(`language.${language}`) ? i18n.t(`language.${language}`) : language));
    }
    select.value = one.language;
    if (select.selectedIndex < 0) select.value = '';
    return select;
  }

  #buttons(one) {
    const speaking = this.#speaking === one.id;
    const button = (key, act, kind = 'secondary') => {
      const made = h('button', { type: 'button', class: `${kind} small` }, i18n.t(key));
      made.onclick = act;
      return made;
    };
    const hear = button(speaking ? 'profiles.stop' : 'profiles.hear', () => (this.#speaking === one.id ? this.#speaker.stop() : this.#say(one.id)));
    hear.dataset.hear = '';
    return h(
      'div',
      { class: 'actions' },
      hear,
      h('a', { class: 'secondary small', href: `#/use?profile=${encodeURIComponent(one.id)}` }, i18n.t('profiles.use')),
      button('profiles.duplicate', () => this.#put({ ...one, ...this.#profiles.get(one.id), id: '', name: i18n.t('profiles.copyOf', { name: one.name }) })),
      button('profiles.delete', () => this.#remove(one.id)),
    );
  }

  #say(id) {
    const one = this.#profiles.get(id);
    const model = this.studio.models.find((each) => each.id === one.model);
    const voice = this.studio.voices.find((each) => each.id === one.voice);
    this.#speaker.stop();
    this.#speaking = id;
    this.#speaker.gain = fromDb(one.gain);
    this.#speaker.use(one.model, sessionOf(one, model));
    this.#speaker.speak(phraseFor(voice?.language).text, model?.default_sample_rate ?? 24_000);
  }

  #hear({ error }) {
    if (!this.#speaker.active) this.#speaking = '';
    if (error) toast('profiles.failed', { message: i18n.problem(error) });
    for (const card of this.#cards.querySelectorAll('[data-profile]')) {
      card.querySelector('[data-hear]').textContent = i18n.t(card.dataset.profile === this.#speaking ? 'profiles.stop' : 'profiles.hear');
    }
  }

  #remove(id) {
    const { name } = this.#profiles.get(id);
    const undo = this.#profiles.remove(id);
    const at = [...this.#cards.children].indexOf(this.#cardOf(id));
    if (this.#speaking === id) this.#speaker.stop();
    this.#show();
    // The next one's, or the last one's; where none is left, the button that makes one.
    (this.#cards.children[Math.min(at, this.#profiles.all.length - 1)]?.querySelector('input') ?? this.#add).focus();
    const back = () => {
      undo();
      this.#show();
      this.#cardOf(id).querySelector('input').focus();
    };
    toast('profiles.deleted', { name }, { label: 'profiles.undo', act: back });
  }
}

customElements.define('vb-profiles', ProfilesView);
