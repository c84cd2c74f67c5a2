// @ts-check
/** @typedef {{ readonly position: number, readonly score: number, readonly where: string }} Hit */

const MOST_HITS = 40;

/** Texts of all nodes in small letters, made when somebody searches first. @param {Site} site */
function searchIndex({ nodes }) {
  return nodes.map(({ name, description, columns, tags, path, id }) => ({
    name: name.toLowerCase(),
    columns: columns.map((column) => ({
      name: column.name.toLowerCase(),
      text: `${column.name} ${column.description}`,
      low: column.description.toLowerCase(),
    })),
    description: description.toLowerCase(),
    rest: `${id} ${path} ${tags.join(' ')}`.toLowerCase(),
  }));
}

/** Nodes in which every word is found, the best first. @param {Site} site @param {ReturnType<typeof searchIndex>} index @param {string} text @returns {Hit[]} */
function search(site, index, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits = index.flatMap((entry, position) => {
    const found = words.map((word) =>
      bestPlace(entry, word, /** @type {DocsNode} */ (site.nodes[position])),
    );
    if (found.includes(undefined)) return [];
    const places = /** @type {{ score: number, where: string }[]} */ (found);
    const score = places.reduce((sum, place) => sum + place.score, 0) - entry.name.length / 100;
    return [{ position, score, where: places.find(({ where }) => where !== '')?.where ?? '' }];
  });
  return hits.sort((a, b) => b.score - a.score).slice(0, MOST_HITS);
}

/** @param {ReturnType<typeof searchIndex>[number]} entry @param {string} word @param {DocsNode} node */
function bestPlace(entry, word, node) {
  if (entry.name === word) return { score: 100, where: '' };
  if (entry.name.startsWith(word)) return { score: 60, where: '' };
  if (entry.name.includes(word)) return { score: 40, where: '' };
  const column =
    entry.columns.find(({ name }) => name === word) ??
    entry.columns.find(({ name }) => name.includes(word));
  if (column) return { score: column.name === word ? 35 : 25, where: `column ${column.text}` };
  if (entry.description.includes(word)) return { score: 15, where: node.description };
  const described = entry.columns.find(({ low }) => low.includes(word));
  if (described) return { score: 10, where: `column ${described.text}` };
  return entry.rest.includes(word) ? { score: 5, where: node.path } : undefined;
}

/** The field and its answers. @param {Site} site */
function searchBox(site) {
  /** @type {ReturnType<typeof searchIndex> | undefined} */
  let index;
  let chosen = 0;
  const results = h('div', { class: 'results', hidden: true });
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'search',
      placeholder: 'Search names, columns, descriptions   /',
      'aria-label': 'Search',
    })
  );
  const links = () => [...results.querySelectorAll('a')];
  const mark = () => {
    for (const [i, link] of links().entries()) link.classList.toggle('on', i === chosen);
    links()[chosen]?.scrollIntoView({ block: 'nearest' });
  };
  const close = () => {
    results.hidden = true;
  };
  const show = () => {
    index ??= searchIndex(site);
    const hits = search(site, index, input.value);
    chosen = 0;
    results.replaceChildren(...hits.map((hit) => hitLink(site, hit, input.value)));
    if (hits.length === 0 && input.value.trim() !== '')
      results.append(h('small', { style: 'padding: 8px 12px' }, 'Nothing found'));
    results.hidden = input.value.trim() === '';
    mark();
  };
  input.addEventListener('input', show);
  input.addEventListener('focus', show);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
      input.blur();
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      chosen = Math.max(0, Math.min(links().length - 1, chosen + step));
      mark();
    }
    if (event.key === 'Enter') {
      links()[chosen]?.click();
      input.blur();
    }
  });
  document.addEventListener('click', (event) => {
    if (!box.contains(/** @type {Node} */ (event.target))) close();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  results.addEventListener('click', close);
  const box = h('div', { class: 'search' }, input, results);
  return box;
}

/** @param {Site} site @param {Hit} hit @param {string} text */
function hitLink({ nodes }, { position, where }, text) {
  const node = /** @type {DocsNode} */ (nodes[position]);
  return h(
    'a',
    { href: linkTo(node) },
    ...marked(node.name, text),
    ' ',
    h('span', { class: 'faint' }, kindOf(node)),
    where !== '' && h('small', {}, ...marked(where.slice(0, 200), text)),
  );
}

/** @param {string} text @param {string} searched */
function marked(text, searched) {
  const words = searched
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (words.length === 0) return [text];
  return text
    .split(new RegExp(`(${words.join('|')})`, 'gi'))
    .map((part, i) => (i % 2 === 1 ? h('mark', {}, part) : part));
}
