import { i18n } from '../i18n.js';
import strings from '../i18n/talk.js';
import { chosenModel, chosenVoice } from '../memory.js';
import { Turn, messagesOf } from '../talk/turn.js';
import { complaint } from '../ui/complaint.js';
import { h, icon } from '../ui/element.js';
import { AGAIN, SEND, STOP } from '../ui/icons.js';
import { toast } from '../ui/toast.js';
import '../ui/voice-pick.js';
import { View } from './view.js';

i18n.learn(strings);

const PERSONAS = ['friend', 'teller', 'teacher', 'service'];
const TRIES = [1, 2, 3, 4];
const ENDS = { completed: 'done', incomplete: 'incomplete', stopped: 'cut', failed: 'failed' };
/** Whoever has the word being heard so far out of sight, px, looks at something else. */
const ELSEWHERE = 200;

/** A conversation with a language model that is heard while it is written. */
class Talk extends View {
  #log;
  #empty;
  #box;
  #prompt;
  #send;
  #sendWord;
  #stop;
  #clear;
  #state;
  #fault;
  #pick;
  #role;
  #personaName;
  #chips = new Map();
  #speaker;
  /** @type {Turn[]} */
  #turns = [];
  /** @type {Map<Turn, object>} what each is shown with */
  #bubbles = new Map();
  /** Of the instructions; empty: they are the visitor's own. */
  #persona = PERSONAS[0];
  #wish = null;
  #moving = false;

  build() {
    this.#speaker = this.studio.newSpeaker();
    this.#log = this.say(h('ol', { class: 'talk-log', hidden: true }), 'talk.log', {}, 'aria-label');
    const tries = TRIES.map((n) => {
      const chip = this.say(h('button', { type: 'button', class: 'chip' }), `talk.try.${n}`);
      chip.onclick = () => this.#ask(chip.textContent);
      return chip;
    });
    this.#empty = h('div', { class: 'talk-empty' }, this.say(h('p'), 'talk.empty'), h('div', { class: 'chips' }, ...tries));
    this.append(
      h('header', { class: 'page-head' }, this.say(h('h2'), 'talk.title'), this.say(h('p', { class: 'help' }), 'talk.lead')),
      h('div', { class: 'bench' }, h('div', { class: 'stage' }, h('div', { class: 'talk-room' }, this.#empty, this.#log), this.#buildBox()), this.#buildSide()),
    );
    const { scope, studio } = this;
    scope.on(this.#speaker, 'state', ({ detail }) => this.#hear(detail));
    scope.on(this.#speaker, 'take', () => this.#follow());
    scope.on(this.#speaker, 'marks', () => this.#showSpoken());
    scope.on(studio, 'stock', () => this.#offer());
    scope.on(studio, 'unstocked', () => this.#miss());
    scope.on(studio, 'unavailable', ({ detail: { cause } }) => this.#complain({ code: 'audio', message: cause.message }));
    this.#say('loading');
    this.#offer();
    if (studio.fault) this.#miss();
  }

  #buildBox() {
    this.#prompt = h('textarea', { id: 'talk-prompt', rows: 1, maxlength: 4_000, autocomplete: 'off', 'aria-describedby': 'talk-keys' });
    this.say(this.#prompt, 'talk.placeholder', {}, 'placeholder');
    this.#sendWord = h('span');
    this.#send = h('button', { type: 'submit', class: 'primary', id: 'talk-send' }, icon(SEND), this.#sendWord);
    this.#stop = h('button', { type: 'button', class: 'secondary', id: 'talk-stop', hidden: true }, icon(STOP), this.say(h('span'), 'talk.stop'));
    this.#clear = this.say(h('button', { type: 'button', class: 'link help', id: 'talk-clear', hidden: true }), 'talk.clear');
    this.#state = h('output', { class: 'state', role: 'status' });
    this.#fault = h('div', { role: 'alert' });
    this.#box = h(
      'form',
      { class: 'card talk-box' },
      this.say(h('label', { for: 'talk-prompt', class: 'visually-hidden' }), 'talk.prompt'),
      h('div', { class: 'talk-line' }, this.#prompt, this.#stop, this.#send),
      h('div', { class: 'talk-foot' }, this.#state, this.say(h('span', { class: 'shortcut', id: 'talk-keys' }), 'talk.keys'), this.#clear),
      this.#fault,
    );
    const { scope } = this;
    scope.on(this.#box, 'submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    scope.on(this.#prompt, 'keydown', (event) => {
      // Whoever composes a character ends it with Enter.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    });
    scope.on(this.#box, 'keydown', ({ key, isComposing }) => key === 'Escape' && !isComposing && this.#speaker.stop());
    scope.on(this.#prompt, 'focus', () => this.#warm());
    scope.on(this.#stop, 'click', () => {
      this.#speaker.stop();
      this.#prompt.focus();
    });
    scope.on(this.#clear, 'click', () => this.#empties());
    return this.#box;
  }

  #buildSide() {
    this.#pick = h('vb-voice-pick', { id: 'talk-voice' });
    this.#pick.studio = this.studio;
    this.#role = h('textarea', { id: 'talk-role', rows: 4, maxlength: 4_000 });
    this.#personaName = h('span', { class: 'help' });
    const chips = PERSONAS.map((name) => {
      const chip = this.say(h('button', { type: 'button', class: 'chip' }), `talk.persona.${name}`);
      chip.onclick = () => this.#play(name);
      this.#chips.set(name, chip);
      return chip;
    });
    const elsewhere = this.say(h('a', { href: '#/use' }), 'talk.use');
    this.scope.on(elsewhere, 'click', () => {
      const { model, voiceId: voice } = this.#pick.value;
      elsewhere.href = `#/use?${new URLSearchParams({ voice, model })}`;
    });
    this.scope.on(this.#role, 'input', () => this.#play(''));
    return h(
      'aside',
      { class: 'card talk-side' },
      h('div', { class: 'field' }, this.say(h('span', { class: 'row-label' }), 'talk.voice'), this.#pick),
      h(
        'details',
        { class: 'more', id: 'talk-persona', open: matchMedia('(min-width: 64rem)').matches },
        h('summary', {}, this.say(h('span'), 'talk.persona'), ' ', this.#personaName),
        h('div', { class: 'chips' }, ...chips),
        this.say(h('label', { for: 'talk-role' }), 'talk.role'),
        this.#role,
      ),
      elsewhere,
    );
  }

  translate() {
    super.translate();
    this.#play(this.#persona);
    for (const turn of this.#turns) this.#show(turn);
  }

  open(wish) {
    this.#wish = wish;
    this.#offer();
  }

  leave() {
    this.#speaker.stop();
  }

  /** Who answers; empty: whoever the instructions say. */
  #play(persona) {
    this.#persona = persona;
    if (persona) this.#role.value = i18n.t(`talk.role.${persona}`);
    this.say(this.#personaName, `talk.persona.${persona || 'own'}`);
    for (const [name, chip] of this.#chips) chip.setAttribute('aria-pressed', name === persona);
  }

  #offer() {
    const { studio } = this;
    if (!studio.stocked || !this.#pick) return;
    const known = (id) => studio.voices.find((one) => one.id === id);
    const wished = known(this.#wish?.get('voice'));
    if (wished || !known(this.#pick.value.voiceId)) {
      const voice = wished ?? known(chosenVoice.get()) ?? studio.voices[0];
      const model = [this.#wish?.get('model'), chosenModel.get()].find((id) => voice?.models.includes(id));
      if (voice) this.#pick.value = { model: model ?? studio.modelFor(voice), voiceId: voice.id };
      if (wished) this.#wish = null;
    }
    if (this.#state.dataset.name !== 'loading') return;
    this.#fault.replaceChildren();
    this.#say('ready');
  }

  #miss() {
    const { message, hint } = this.studio.fault;
    this.#complain({ code: 'lists', message, hint }, () => {
      this.#say('loading');
      this.studio.load();
    });
  }

  #complain(error, retry) {
    this.#say('failed');
    this.#fault.replaceChildren(complaint(this, error, retry));
  }

  #say(name) {
    this.#box.dataset.state = name;
    this.#state.dataset.name = name;
    this.say(this.#state, `talk.state.${name}`);
    const { active } = this.#speaker;
    // The focus doesn't fall off the button that goes.
    if (!active && document.activeElement === this.#stop) this.#prompt.focus();
    this.#stop.hidden = !active;
    this.say(this.#sendWord, active ? 'talk.over' : 'talk.send');
  }

  /** What speaks from now on. */
  #apply() {
    const { model: id, voiceId } = this.#pick.value;
    const model = this.studio.models.find((one) => one.id === id);
    if (!model) return null;
    const sampleRate = model.default_sample_rate ?? 24_000;
    const told = (model.abilities ?? []).includes('word_timestamps') || undefined;
    this.#speaker.use(id, { voice: voiceId || undefined, sample_rate: sampleRate, word_timestamps: told });
    return sampleRate;
  }

  /** Opens the session while the visitor still types. */
  #warm() {
    if (this.#speaker.active || !this.#apply()) return;
    this.#speaker.bridge.connect().catch(() => {}); // the prompt will say what is wrong
  }

  #submit() {
    const prompt = this.#prompt.value.trim();
    if (prompt !== '' && this.#ask(prompt)) this.#prompt.value = '';
    this.#prompt.focus();
  }

  /** Whoever speaks is talked over. */
  #ask(prompt) {
    this.#speaker.stop();
    const sampleRate = this.#apply();
    if (!sampleRate) {
      if (this.studio.stocked) this.#complain({ code: 'no_voice' });
      return false;
    }
    this.#fault.replaceChildren();
    const turn = new Turn(prompt);
    this.#turns.push(turn);
    const instructions = this.#role.value.trim() || undefined;
    this.#speaker.ask({ messages: messagesOf(this.#turns), instructions }, sampleRate);
    turn.take = this.#speaker.take;
    this.#add(turn);
    this.#follow();
    return true;
  }

  #retry(turn) {
    this.#remove(turn);
    this.#ask(turn.prompt);
  }

  #empties() {
    this.#speaker.stop();
    const turns = this.#turns.splice(0);
    this.#log.replaceChildren();
    this.#bubbles.clear();
    this.#showRoom();
    this.#say('ready');
    this.#prompt.focus();
    const back = () => {
      this.#turns.unshift(...turns);
      this.#log.replaceChildren();
      for (const turn of this.#turns) this.#add(turn);
    };
    toast('talk.cleared', {}, { label: 'bin.undo', act: back });
  }

  #hear({ name, slots, error }) {
    const turn = this.#turnOf(this.#speaker.take);
    if (ENDS[name] && turn && !turn.status) {
      turn.error = error;
      turn.end(ENDS[name], name === 'stopped' ? slots.ms : turn.take.totalMs);
    }
    this.#say(name);
    if (turn) this.#show(turn);
    if (this.#speaker.active) this.#follow();
  }

  #turnOf(take) {
    return this.#turns.findLast((turn) => turn.take === take && take);
  }

  /** Marks the word being heard for as long as anything is heard. */
  #follow() {
    if (this.#moving) return;
    this.#moving = true;
    const step = () => {
      this.#moving = this.#speaker.active;
      this.#showSpoken();
      if (this.#moving) requestAnimationFrame(step);
    };
    step();
  }

  #showSpoken() {
    const turn = this.#turnOf(this.#speaker.take);
    if (turn) this.#show(turn);
  }

  #showRoom() {
    const some = this.#turns.length > 0;
    this.#log.hidden = !some;
    this.#empty.hidden = some;
    this.#clear.hidden = !some;
  }

  #add(turn) {
    const heard = h('span', { class: 'heard' });
    const now = h('mark');
    const unheard = this.say(h('span', { class: 'visually-hidden', hidden: true }), 'talk.unheard');
    const rest = h('span', { class: 'rest' });
    const said = h('p', { class: 'said' }, heard, now, unheard, rest);
    const again = h('button', { type: 'button', class: 'link', hidden: true }, icon(AGAIN), this.say(h('span'), 'talk.again'));
    again.onclick = () => {
      this.#speaker.stop();
      this.#speaker.play(turn.take);
    };
    const note = h('span');
    const times = h('span', { class: 'times' });
    const trouble = h('div', { role: 'alert' });
    const answer = h('div', { class: 'said-by them' }, this.say(h('span', { class: 'visually-hidden' }), 'talk.they'), said, h('p', { class: 'help' }, note, times, again), trouble);
    const item = h('li', { class: 'turn' }, h('div', { class: 'said-by you' }, this.say(h('span', { class: 'visually-hidden' }), 'talk.you'), h('p', {}, turn.prompt)), answer);
    this.#bubbles.set(turn, { item, answer, heard, now, unheard, rest, note, times, again, trouble, shown: '' });
    this.#log.append(item);
    this.#showRoom();
    this.#show(turn);
    scrollTo(0, document.documentElement.scrollHeight);
  }

  #remove(turn) {
    this.#bubbles.get(turn)?.item.remove();
    this.#bubbles.delete(turn);
    this.#turns = this.#turns.filter((other) => other !== turn);
  }

  #show(turn) {
    const bubble = this.#bubbles.get(turn);
    if (!bubble) return;
    const speaks = this.#speaker.active && this.#speaker.take === turn.take;
    const word = speaks ? turn.wordAt(this.#speaker.positionMs) : null;
    const { text } = turn;
    const over = turn.status !== '' && !speaks;
    const [from, to] = over ? [turn.heard, turn.heard] : [word?.begin ?? 0, word?.end ?? 0];
    const seen = [from, to, text.length, speaks, turn.status, turn.take?.after('heard'), i18n.language].join();
    if (seen === bubble.shown) return;
    bubble.shown = seen;
    bubble.answer.dataset.state = speaks ? (text ? 'speaking' : 'waiting') : turn.status;
    bubble.heard.textContent = text.slice(0, from);
    bubble.now.textContent = text.slice(from, to);
    bubble.rest.textContent = text.slice(to);
    bubble.unheard.hidden = !(over && to < text.length);
    this.#remark(turn, bubble, over);
    if (word) this.#keepInSight(bubble.now);
  }

  /** The page moves when the voice has come down to the box. */
  #keepInSight(word) {
    const beneath = word.getBoundingClientRect().bottom - this.#box.getBoundingClientRect().top;
    if (beneath < 0 || beneath > ELSEWHERE) return;
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    scrollBy({ top: beneath + innerHeight / 3, behavior });
  }

  /** What is said beneath an answer. */
  #remark(turn, { note, times, again, trouble }, over) {
    const why = { cut: turn.heard > 0 ? 'talk.cut' : 'talk.silenced', incomplete: 'talk.short' }[turn.status];
    note.hidden = !why;
    if (why) this.say(note, why);
    const seconds = (mark) => i18n.seconds(turn.take?.after(mark) ?? 0);
    times.hidden = turn.take?.after('heard') === null || turn.take?.after('text') === null;
    if (!times.hidden) this.say(times, 'talk.times', { text: seconds('text'), heard: seconds('heard') });
    again.hidden = !over || turn.take?.samples === 0;
    if (!turn.error || trouble.firstChild) return;
    trouble.append(complaint(this, turn.error, () => this.#retry(turn)));
  }
}

customElements.define('vb-talk', Talk);
