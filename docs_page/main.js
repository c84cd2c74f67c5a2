// @ts-check
/** Up to so many nodes the overview shows the whole lineage at once. */
const SHOWN_AT_ONCE = 250;

function main() {
  const site = readSite();
  drawTop(site);
  const links = drawSide(site);
  const show = () => route(site, links);
  window.addEventListener('hashchange', show);
  show();
}

/** @param {Site} site */
function drawTop(site) {
  const { project, target, adapter, generatedAt } = site.data;
  document
    .getElementById('top')
    ?.append(
      h(
        'button',
        { class: 'menu', title: 'Nodes', 'aria-controls': 'side', click: switchMenu },
        '☰',
      ),
      h('a', { class: 'name', href: '#/' }, project),
      h('a', { href: '#/graph' }, 'Lineage'),
      searchBox(site),
      h('span', { class: 'grow' }),
      h(
        'span',
        { class: 'faint stamp' },
        `${target} (${adapter}), ${new Date(generatedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      ),
      h('button', { title: 'Dark or light', click: switchTheme }, '◐'),
    );
  const kept = remembered();
  if (kept) document.documentElement.dataset['theme'] = kept;
}

/** Where there is no room for both, the list of nodes stands in the place of the page until one is chosen. */
function switchMenu() {
  const isShown = document.body.classList.toggle('menu');
  document.querySelector('header .menu')?.setAttribute('aria-expanded', String(isShown));
}

function hideMenu() {
  if (document.body.classList.contains('menu')) switchMenu();
}

/** Files have no storage in some browsers. */
function remembered() {
  try {
    return localStorage.getItem('velo-theme') ?? undefined;
  } catch {
    return undefined;
  }
}

function switchTheme() {
  const root = document.documentElement;
  const isDark = getComputedStyle(root).colorScheme === 'dark';
  root.dataset['theme'] = isDark ? 'light' : 'dark';
  try {
    localStorage.setItem('velo-theme', root.dataset['theme']);
  } catch {
    /* it lasts as long as the page */
  }
}

const KIND_ORDER = [
  'source',
  'seed',
  'model',
  'snapshot',
  'exposure',
  'metric',
  'semantic_model',
  'saved_query',
  'analysis',
];

/** Nodes by kind and folder; folders are filled when they are opened. @param {Site} site @returns {(position: number | undefined) => void} */
function drawSide(site) {
  const side = document.getElementById('side');
  side?.addEventListener('click', ({ target }) => {
    // The node that is shown already changes no address.
    if (target instanceof HTMLAnchorElement) hideMenu();
  });
  /** @type {Map<string, number[]>} */
  const kinds = new Map();
  for (const [i, { kind }] of site.nodes.entries())
    kinds.set(kind, [...(kinds.get(kind) ?? []), i]);
  const rank = (/** @type {string} */ kind) => (KIND_ORDER.indexOf(kind) + 99) % 99;
  for (const kind of [...kinds.keys()].sort((a, b) => rank(a) - rank(b))) {
    const positions = kinds.get(kind) ?? [];
    const title = `${kind.replaceAll('_', ' ')} (${positions.length})`;
    const details = folder(title, kind === 'model', () => folders(site, positions));
    details.dataset['kind'] = kind;
    side?.append(details);
  }
  return (position) => {
    for (const link of document.querySelectorAll('#side a.on')) link.classList.remove('on');
    const link = position === undefined ? undefined : sideLink(site, position);
    link?.classList.add('on');
    for (let at = link?.closest('details'); at; at = at.parentElement?.closest('details'))
      at.open = true;
    link?.scrollIntoView({ block: 'nearest' });
  };
}

/** What fills a folder that was not opened yet. @type {Map<Element, () => void>} */
const unfilled = new Map();

/** The link of a node; the folders of its kind are filled for it. @param {Site} site @param {number} position */
function sideLink({ nodes }, position) {
  const find = () => document.querySelector(`#side a[data-at='${position}']`) ?? undefined;
  const kind = document.querySelector(`#side details[data-kind='${nodes[position]?.kind}']`);
  for (let tries = 0; tries < 2 && kind && !find(); tries += 1) {
    for (const folder of [kind, ...kind.querySelectorAll('details')]) unfilled.get(folder)?.();
  }
  return find();
}

/** @param {string} title @param {boolean} isOpen @param {() => Part[]} fill */
function folder(title, isOpen, fill) {
  const details = /** @type {HTMLDetailsElement} */ (h('details', {}, h('summary', {}, title)));
  unfilled.set(details, () => {
    unfilled.delete(details);
    append(details, fill());
  });
  details.addEventListener('toggle', () => {
    if (details.open) unfilled.get(details)?.();
  });
  if (isOpen) unfilled.get(details)?.();
  details.open = isOpen;
  return details;
}

/** @param {Site} site @param {readonly number[]} positions @returns {Part[]} */
function folders({ nodes }, positions) {
  /** @type {Map<string, number[]>} */
  const byFolder = new Map();
  for (const i of positions) {
    const parts = (nodes[i]?.path ?? '').split('/').slice(1, -1);
    const name =
      nodes[i]?.kind === 'source' ? (nodes[i]?.id.split('.').at(-2) ?? '') : parts.join('/');
    byFolder.set(name, [...(byFolder.get(name) ?? []), i]);
  }
  const links = (/** @type {readonly number[]} */ some) =>
    some.map((i) =>
      h(
        'a',
        { href: linkTo(/** @type {DocsNode} */ (nodes[i])), 'data-at': i, title: nodes[i]?.id },
        nodes[i]?.name,
      ),
    );
  const names = [...byFolder.keys()].sort();
  if (names.length === 1) return links(byFolder.get(names[0] ?? '') ?? []);
  return names.map((name) =>
    name === ''
      ? h('div', {}, links(byFolder.get(name) ?? []))
      : folder(name, positions.length <= 200, () => links(byFolder.get(name) ?? [])),
  );
}

/** Shows what the address says. @param {Site} site @param {(position: number | undefined) => void} mark */
function route(site, mark) {
  const place = /** @type {HTMLElement} */ (document.getElementById('main'));
  const [, page = '', name = '', column = ''] = location.hash.split('/');
  const position = page === 'node' ? site.byId.get(decodeURIComponent(name)) : undefined;
  hideMenu();
  place.classList.toggle('wide', page === 'graph');
  place.replaceChildren();
  if (page === 'graph') append(place, [graphOf(site, new Set(site.nodes.keys()), undefined, [])]);
  else if (position !== undefined) append(place, nodeView(site, position));
  else if (page === 'node')
    append(place, [h('h1', {}, 'There is no such node'), h('p', {}, decodeURIComponent(name))]);
  else append(place, overview(site));
  const shown = position === undefined ? undefined : site.nodes[position]?.name;
  document.title = `${shown ? `${shown} – ` : ''}${site.data.project} – velo docs`;
  mark(position);
  const row = column && document.getElementById(columnId(decodeURIComponent(column)));
  if (row) row.scrollIntoView({ block: 'center' });
  else place.scrollTop = 0;
}

/** @param {Site} site @returns {Part[]} */
function overview(site) {
  const { nodes, data } = site;
  // One that looks at several nodes stands at each of them.
  const tests = [
    ...new Map(nodes.flatMap((node) => node.tests).map((test) => [test.name, test])).values(),
  ];
  const count = (/** @type {string} */ status) =>
    tests.filter((test) => test.status === status).length;
  const described = nodes.flatMap((node) => node.columns);
  const kinds = KIND_ORDER.flatMap((kind) => {
    const n = nodes.filter((node) => node.kind === kind).length;
    return n > 0 ? [card(n, kind.replaceAll('_', ' '))] : [];
  });
  const failed = nodes.filter((node) =>
    node.tests.some(({ status }) => status === 'fail' || status === 'error'),
  );
  return [
    h('h1', {}, data.project),
    h(
      'div',
      { class: 'cards' },
      ...kinds,
      card(tests.length, 'tests'),
      card(count('pass'), 'passed', 'pass'),
      card(count('warn'), 'warned', 'warn'),
      card(count('fail') + count('error'), 'failed', 'fail'),
      card(described.length, 'columns'),
      card(
        described.length === 0
          ? 0
          : Math.round(
              (100 * described.filter(({ description }) => description !== '').length) /
                described.length,
            ),
        '% described',
      ),
    ),
    data.overview !== undefined && prose(data.overview),
    failed.length > 0 &&
      section(
        'Tests that failed',
        '',
        table(
          ['node', 'tests'],
          failed.map((node) => [
            h('a', { href: linkTo(node) }, node.name),
            node.tests
              .filter(({ status }) => status === 'fail' || status === 'error')
              .map(testChip),
          ]),
        ),
      ),
    nodes.length <= SHOWN_AT_ONCE
      ? section('Lineage', '', graphOf(site, new Set(nodes.keys()), undefined, []))
      : h('p', {}, h('a', { href: '#/graph' }, `Lineage of all ${nodes.length} nodes`)),
    section('As-of models', '', asOfTable(site)),
  ];
}

/** @param {number} n @param {string} text @param {string} [mark] */
const card = (n, text, mark = '') =>
  h(
    'div',
    { class: 'card' },
    h('b', { class: n > 0 ? mark : 'faint' }, n.toLocaleString('en')),
    h('span', { class: 'faint' }, text),
  );

/** @param {Site} site */
function asOfTable({ nodes, data }) {
  const dated = nodes.filter((node) => node.asOf);
  if (dated.length === 0) return h('p', { class: 'faint' }, 'None.');
  return table(
    ['model', 'finished', 'rows'],
    dated.map((node) => [
      h('a', { href: linkTo(node) }, node.name),
      node.asOf && timeline(node.asOf, data.asOfEnd),
      node.rows,
    ]),
  );
}
