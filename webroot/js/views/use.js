import { i18n } from '../i18n.js';
import strings from '../i18n/use.js';
import { chosenModel, chosenVoice } from '../memory.js';
import { sessionOf } from '../profiles.js';
import { saveFile } from '../save.js';
import { SNIPPETS, wished, wishedRate } from '../snippets.js';
import { copyButton } from '../ui/copy.js';
import { h } from '../ui/element.js';
import '../ui/voice-pick.js';
import { View } from './view.js';

i18n.learn(strings);

const EXAMPLES = ['kiosk', 'navigation', 'game'];

/** Code for other places, for the voice at hand. */
class Use extends View {
  #pick;
  #profile;
  #text;
  #tabs = new Map();
  #code;
  #note;
  #hint;
  #save;
  #chosen = SNIPPETS[0];
  /** What the address asks for and could not be given yet. */
  #wish = null;
  /** How it is to be spoken, as the address said. */
  #manner = new URLSearchParams();
  /** Somebody has chosen what is shown. */
  #settled = false;

  build() {
    this.#pick = h('vb-voice-pick', { id: 'use-voice' });
    this.#pick.studio = this.studio;
    this.#profile = h('select', { id: 'use-profile' });
    this.#text = h('textarea', { id: 'use-text', rows: 2 });
    this.#text.value = i18n.t('use.sample');
    this.#code = h('pre', { class: 'code', tabindex: 0 });
    this.say(this.#code, 'use.code', {}, 'aria-label');
    this.#note = h('p', { class: 'help', id: 'use-ran' });
    this.#hint = h('p', { class: 'help' });
    this.#save = h('button', { type: 'button', class: 'secondary small', id: 'use-save' });
    const tabs = this.say(h('div', { role: 'group', class: 'segments use-tabs' }), 'use.where', {}, 'aria-label');
    for (const snippet of SNIPPETS) {
      const tab = this.say(h('button', { type: 'button', class: 'segment', 'data-snippet': snippet.id }), `use.${snippet.id}`);
      tab.onclick = () => {
        this.#chosen = snippet;
        this.#show();
      };
      this.#tabs.set(snippet, tab);
      tabs.append(tab);
    }
    const examples = EXAMPLES.map((name) => h('li', {}, this.say(h('a', { href: `examples/${name}.html` }), `use.${name}`)));
    this.append(
      h('header', { class: 'page-head' }, this.say(h('h2'), 'use.title'), this.say(h('p', { class: 'help' }), 'use.lead')),
      h(
        'div',
        { class: 'card use-what' },
        h('div', { class: 'field' }, this.say(h('span', { class: 'row-label' }), 'use.voice'), this.#pick),
        h('div', { class: 'field' }, this.say(h('label', { for: 'use-profile' }), 'use.profile'), this.#profile),
        h('div', { class: 'field wide' }, this.say(h('label', { for: 'use-text' }), 'use.text'), this.#text),
      ),
      h(
        'div',
        { class: 'card use-code' },
        tabs,
        this.#code,
        h('div', { class: 'actions' }, copyButton(this, () => this.#code.textContent), this.#save),
        this.#note,
        this.#hint,
      ),
      h('section', { class: 'card use-examples' }, this.say(h('h3'), 'use.examples'), h('ul', { class: 'chips' }, ...examples)),
    );
    this.scope.on(this.#pick, 'pick', () => {
      this.#profile.value = '';
      this.#settled = true;
      this.#wish = null;
      this.#show();
    });
    this.scope.on(this.#profile, 'change', () => this.#take(this.#profile.value));
    this.scope.on(this.#text, 'input', () => this.#show());
    this.scope.on(this.#save, 'click', () => saveFile(new Blob([this.#code.textContent], { type: 'text/plain' }), this.#chosen.file));
    this.scope.on(this.studio, 'stock', () => this.#suggest());
    this.scope.on(this.studio.profiles, 'change', () => this.#showProfiles());
    this.#suggest();
  }

  translate() {
    super.translate();
    this.#showProfiles();
    this.#show();
  }

  /** `#/use?profile=…`, or `#/use?voice=…&model=…&text=…` and what {@link wished} and {@link wishedRate} read. */
  open(wish) {
    if (wish.size === 0) return;
    this.#wish = wish;
    this.#manner = wish;
    if (wish.get('text')) this.#text.value = wish.get('text');
    this.#grant();
    this.#show();
  }

  #grant() {
    const wish = this.#wish;
    if (!wish) return;
    if (wish.get('profile')) this.#take(wish.get('profile'));
    else {
      const voice = this.studio.voices.find((one) => one.id === wish.get('voice'));
      const model = wish.get('model') || (voice && this.studio.modelFor(voice));
      if (!model) return; // an own voice comes a little later than those of the system
      this.#profile.value = '';
      this.#pick.value = { model, voiceId: wish.get('voice') ?? '' };
      this.#settled = true;
    }
    this.#wish = null;
  }

  /** The voice that was chosen in Speak, or one to begin with. */
  #suggest() {
    this.#grant();
    const { voices } = this.studio;
    const [model, voiceId] = [chosenModel.get(), chosenVoice.get()];
    const known = voices.some((one) => one.id === voiceId && one.models.includes(model));
    if (!this.#settled && known) this.#pick.value = { model, voiceId };
    else if (voices.length > 0 && !this.#pick.value.model) this.#pick.value = { model: this.studio.modelFor(voices[0]), voiceId: voices[0].id };
    this.#show();
  }

  #take(id) {
    const profile = this.studio.profiles.get(id);
    this.#profile.value = profile ? id : '';
    this.#manner = new URLSearchParams();
    if (profile) {
      this.#pick.value = { model: profile.model, voiceId: profile.voice };
      this.#settled = true;
    }
    this.#show();
  }

  #showProfiles() {
    const chosen = this.#profile.value;
    const none = h('option', { value: '' }, i18n.t('use.profile.none'));
    this.#profile.replaceChildren(none, ...this.studio.profiles.all.map((one) => h('option', { value: one.id }, one.name)));
    this.#profile.value = this.studio.profiles.get(chosen) ? chosen : '';
  }

  #show() {
    if (!this.#code) return;
    const { model: modelId, voiceId } = this.#pick.value;
    const model = this.studio.models.find((one) => one.id === modelId);
    const profile = this.studio.profiles.get(this.#profile.value);
    const { voice: _, ...session } = profile ? sessionOf(profile, model) : wished(this.#manner, model);
    this.#code.textContent = this.#chosen.make({
      origin: new URL(document.baseURI).origin,
      model: modelId,
      voice: voiceId,
      text: this.#text.value,
      sampleRate: wishedRate(this.#manner, model),
      session,
      key: 'Authorization' in this.studio.door.headers,
    });
    for (const [snippet, tab] of this.#tabs) tab.setAttribute('aria-pressed', String(snippet === this.#chosen));
    const ran = this.#chosen.id === 'python' ? 'use.ranPython' : 'use.ran';
    this.say(this.#note, this.#chosen.ran ? ran : 'use.notRan');
    this.say(this.#hint, this.#chosen.id === 'browser' ? 'use.origin' : 'use.key');
    this.say(this.#save, 'use.save', { file: this.#chosen.file });
  }
}

customElements.define('vb-use', Use);
