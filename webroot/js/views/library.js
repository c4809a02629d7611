import { h } from '../ui/element.js';
import { View } from './view.js';

/** To be built. */
class LibraryView extends View {
  build() {
    this.append(this.say(h('h2'), 'nav.library'));
  }
}

customElements.define('vb-library', LibraryView);
