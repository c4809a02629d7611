/** Searching and filtering the library. No DOM. */

/** The filters, as they stand in the address; `q` is the search. */
export const FILTERS = ['provider', 'model', 'language', 'kind', 'tag', 'status'];

/**
 * One shape for own and system voices.
 *
 * @param {object[]} own of `/v1/voices`
 * @param {object[]} system of `/v1/audio/voices`
 * @param {object[]} models of `/v1/audio/models`
 * @param {(tag: string) => string} languageName that is searched for too
 */
export function entriesOf(own, system, models, languageName = (tag) => tag) {
  const places = new Map(models.map((model, place) => [model.id, place]));
  return [...own.map((voice) => ownEntry(voice, places, languageName)), ...system.map((voice) => systemEntry(voice, places, models, languageName))];
}

function ownEntry(voice, places, languageName) {
  const entry = {
    key: `own/${voice.id}`,
    id: voice.id,
    own: voice,
    name: voice.name,
    other: '',
    provider: voice.provider,
    model: [voice.target_model].filter(Boolean),
    language: voice.language ? [voice.language] : [],
    kind: voice.origin ?? 'found',
    tag: voice.tags ?? [],
    status: voice.status ?? 'ok',
    speaks: voice.usable && places.has(voice.target_model) ? voice.target_model : null,
  };
  entry.hay = hay(entry, languageName, [voice.provider_voice_id, voice.design?.description, voice.owner]);
  return entry;
}

function systemEntry(voice, places, models, languageName) {
  // The models are told newest first; those that don't speak in real time aren't told.
  const place = (id) => places.get(id) ?? Infinity;
  const model = [...(voice.models ?? [])].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
  const dialect = models[place(model[0])]?.dialect ?? '';
  const entry = {
    key: `system/${voice.id}/${model[0] ?? ''}`,
    id: voice.id,
    own: null,
    voice,
    name: voice.name,
    other: voice.name_zh && voice.name_zh !== voice.name ? voice.name_zh : '',
    // Of one vendor's voices, the dialect says the family.
    provider: dialect.split('_')[0] || voice.provider || 'other',
    model,
    language: voice.language ? [voice.language] : [],
    kind: 'system',
    tag: [],
    status: 'ok',
    speaks: places.has(model[0]) ? model[0] : null,
  };
  entry.hay = hay(entry, languageName, [voice.gender, voice.keywords_en, voice.keywords_zh]);
  return entry;
}

function hay(entry, languageName, more) {
  return [entry.id, entry.name, entry.other, ...entry.tag, ...entry.model, ...entry.language, ...entry.language.map(languageName), ...more]
    .flat()
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
}

/**
 * What the search and the filters leave, and for each filter what its values would leave, the others
 * staying as they are.
 *
 * @param {object[]} entries
 * @param {Record<string, string>} wish of `q` and {@link FILTERS}; absent or empty: any
 * @returns {{found: object[], counts: Record<string, Map<string, number>>}}
 */
export function sift(entries, wish) {
  const words = (wish.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const active = FILTERS.filter((name) => wish[name]);
  const counts = Object.fromEntries(FILTERS.map((name) => [name, new Map()]));
  const found = [];
  for (const entry of entries) {
    if (!words.every((word) => entry.hay.includes(word))) continue;
    const against = active.filter((name) => !valuesOf(entry, name).includes(wish[name]));
    if (against.length === 0) found.push(entry);
    for (const name of FILTERS) {
      if (against.length > 1 || (against.length === 1 && against[0] !== name)) continue;
      for (const value of valuesOf(entry, name)) counts[name].set(value, (counts[name].get(value) ?? 0) + 1);
    }
  }
  return { found, counts };
}

function valuesOf(entry, name) {
  const values = entry[name];
  return Array.isArray(values) ? values : [values];
}

/** @param {URLSearchParams} query @returns {Record<string, string>} */
export function wishOf(query) {
  return Object.fromEntries(['q', ...FILTERS].map((name) => [name, query.get(name) ?? '']).filter(([, value]) => value));
}

/** The address of a wish: `#/library?q=…`. */
export function addressOf(wish) {
  const query = new URLSearchParams(['q', ...FILTERS].filter((name) => wish[name]).map((name) => [name, wish[name]]));
  return query.size > 0 ? `#/library?${query}` : '#/library';
}

/** Tags as they are typed: separated by commas, each once. */
export function tagsOf(text) {
  return [...new Set(text.split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean))];
}
