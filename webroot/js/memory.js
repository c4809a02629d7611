/** What the page remembers, where the browser lets it. */
export const draft = slot(() => sessionStorage, 'voicebridge.text');
export const description = slot(() => sessionStorage, 'voicebridge.description');
export const chosenModel = slot(() => localStorage, 'voicebridge.model');
export const chosenVoice = slot(() => localStorage, 'voicebridge.voice');
export const scriptText = slot(() => localStorage, 'voicebridge.script');
export const theme = slot(() => localStorage, 'voicebridge.theme');

function slot(storage, key) {
  return {
    get() {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    set(value) {
      try {
        if (value) storage().setItem(key, value);
        else storage().removeItem(key);
      } catch {
        // Private windows may keep nothing.
      }
    },
  };
}
