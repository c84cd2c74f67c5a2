// @ts-check
/** @param {string | undefined} status */
const statusClass = (status) => (status === 'success' ? 'pass' : (status ?? 'faint'));

/** Everything about one node. @param {Site} site @param {number} position */
function nodeView(site, position) {
  const node = /** @type {DocsNode} */ (site.nodes[position]);
  return [
    h('h1', {}, node.name),
    badgesOf(node),
    node.description
      ? prose(node.description)
      : h('p', { class: 'faint' }, 'It has no description.'),
    factsOf(node),
    section(
      'Lineage',
      `${plural(node.parents.length, 'input')}, read by ${site.children[position]?.length ?? 0}`,
      focusGraph(site, position),
    ),
    neighbours('Reads', node.parents, site),
    neighbours('Read by', site.children[position] ?? [], site),
    node.asOf &&
      section(
        'As-of dates',
        `${node.asOf.column}, one ${node.asOf.grain} each`,
        timeline(node.asOf, site.data.asOfEnd),
      ),
    columnsSection(node, position, site),
    testsSection(node),
    ...node.models.slice(0, 3).map(modelSection),
    codeSection(node),
  ];
}

/** @param {string} title @param {string} about @param {...Part} parts */
const section = (title, about, ...parts) =>
  h('section', {}, h('h2', {}, title, ' ', h('small', {}, about)), ...parts);

/** @param {DocsNode} node */
function badgesOf(node) {
  const plain = [
    node.relation,
    node.type?.toLowerCase(),
    node.package,
    node.path,
    ...node.tags.map((tag) => `#${tag}`),
  ];
  return h(
    'div',
    { class: 'badges' },
    h('span', { class: 'badge kind', style: `--colour: ${colourOf(node)}` }, kindOf(node)),
    plain.filter(Boolean).map((text) => h('span', { class: 'badge mono' }, text)),
  );
}

/** @param {DocsNode} node */
function factsOf({ facts, rows, durationMs }) {
  const all = [...facts];
  if (rows !== undefined) all.push(['rows', rows.toLocaleString('en')]);
  if (durationMs) all.push(['last build', `${(durationMs / 1000).toFixed(2)} s`]);
  return (
    all.length > 0 &&
    h(
      'p',
      {},
      all.flatMap(([name, value]) => [
        h('span', { class: 'faint' }, `${name} `),
        h('span', { class: 'mono' }, value),
        '   ',
      ]),
    )
  );
}

const SHOWN_NEIGHBOURS = 40;

/** @param {string} title @param {readonly number[]} positions @param {Site} site */
function neighbours(title, positions, { nodes }) {
  if (positions.length === 0) return undefined;
  const links = positions.slice(0, SHOWN_NEIGHBOURS).flatMap((i) => {
    const node = nodes[i];
    return node ? [h('a', { href: linkTo(node) }, node.name), ' · '] : [];
  });
  const more = positions.length - SHOWN_NEIGHBOURS;
  return h(
    'p',
    {},
    h('span', { class: 'faint' }, `${title} `),
    links.slice(0, -1),
    more > 0 && ` and ${more} more`,
  );
}

/** Dates that are finished, out of those there could be. @param {NonNullable<DocsNode['asOf']>} asOf @param {number} end */
function timeline({ begin, finished }, end) {
  const last = Math.max(end, ...finished.map((range) => range.end));
  const share = (/** @type {number} */ ms) => (100 * (ms - begin)) / Math.max(1, last - begin);
  const bars = finished.map(({ start, end: stop }) =>
    h('i', {
      style: `left: ${share(start)}%; width: ${share(stop) - share(start)}%`,
      title: `${dayText(start)} – before ${dayText(stop)}`,
    }),
  );
  const ranges = finished.map(
    ({ start, end: stop }) => `${dayText(start)} – before ${dayText(stop)}`,
  );
  return h(
    'div',
    {},
    h('div', { class: 'time' }, bars),
    h(
      'div',
      { class: 'ends' },
      h('span', {}, dayText(begin)),
      h(
        'span',
        {},
        ranges.length > 0
          ? `finished: ${ranges.slice(0, 4).join(', ')}${ranges.length > 4 ? ' …' : ''}`
          : 'nothing is finished yet',
      ),
      h('span', {}, dayText(last)),
    ),
  );
}

/** @param {string} name */
const columnId = (name) => `column-${name.toLowerCase()}`;

/**
 * What a column is made of, and what is made of it, are shown where somebody looked.
 * @param {DocsNode} node @param {number} position @param {Site} site
 */
function columnsSection({ columns, tests, isUnclear }, position, site) {
  if (columns.length === 0) return undefined;
  const usesOf = (/** @type {string} */ name) => site.feeds.get(columnKey(position, name)) ?? [];
  const isFollowed = columns.some(({ from }) => from.length > 0);
  const isUsed = columns.some(({ name }) => usesOf(name).length > 0);
  const rows = columns.map(({ name, type, description, from }) => [
    h('code', { id: columnId(name) }, name),
    h('span', { class: 'mono faint' }, type ?? ''),
    h('span', { class: 'text' }, inline(description)),
    ...(isFollowed ? [columnLinks(from, site)] : []),
    ...(isUsed ? [columnLinks(usesOf(name), site)] : []),
    tests.filter(({ column }) => column?.toLowerCase() === name.toLowerCase()).map(testChip),
  ]);
  const ways = [...(isFollowed ? ['made of'] : []), ...(isUsed ? ['goes into'] : [])];
  const titles = ['column', 'type', 'description', ...ways, 'tests'];
  const unclear =
    isUnclear && h('p', { class: 'faint' }, 'What they are made of cannot be told from its code.');
  return section('Columns', String(columns.length), unclear, table(titles, rows));
}

const SHOWN_INPUTS = 6;

/** @param {readonly (readonly [number, string])[]} columns @param {Site} site */
function columnLinks(columns, { nodes }) {
  const links = columns.slice(0, SHOWN_INPUTS).flatMap(([position, column]) => {
    const node = nodes[position];
    return node
      ? [
          h(
            'div',
            { class: 'made' },
            h('a', { class: 'mono', href: linkToColumn(node, column) }, `${node.name}.${column}`),
          ),
        ]
      : [];
  });
  const more = columns.length - SHOWN_INPUTS;
  return [...links, ...(more > 0 ? [h('span', { class: 'faint' }, `and ${more} more`)] : [])];
}

/** @param {DocsNode['tests'][number]} test */
const testChip = ({ name, status, message }) =>
  h(
    'span',
    {
      class: `chip ${statusClass(status)}`,
      title: [name, status ?? 'not run', message].filter(Boolean).join('\n'),
    },
    `${status === 'pass' ? '✓ ' : ''}${name}`,
  );

/** @param {DocsNode} node */
function testsSection({ tests }) {
  if (tests.length === 0) return undefined;
  const passed = tests.filter(({ status }) => status === 'pass').length;
  const rows = tests.map(({ name, column, severity, status, message }) => [
    h('span', { class: 'mono' }, name),
    column ?? '',
    severity,
    h('span', { class: statusClass(status) }, status ?? 'not run'),
    message ?? '',
  ]);
  return section(
    'Tests',
    `${passed} of ${tests.length} passed`,
    table(['test', 'column', 'severity', 'last result', 'message'], rows),
  );
}

/** @param {DocsNode['models'][number]} model */
function modelSection({
  version,
  stage,
  createdAt,
  trained,
  judged,
  decides,
  metrics,
  baselines,
  importance,
}) {
  const sides = Object.keys(baselines);
  const rows = Object.entries(metrics).map(([name, estimate]) => [
    h('code', {}, name),
    estimateText(estimate),
    ...sides.map((side) => estimateText(baselines[side]?.[name])),
  ]);
  const most = Math.max(...importance.map(({ gain }) => gain), 1e-9);
  return section(
    `Model version ${version}`,
    `${stage}, made ${dayText(createdAt)}`,
    h(
      'p',
      { class: 'faint' },
      `trained on ${trained}${judged ? `; judged on ${judged} by ${decides}` : ''}`,
    ),
    rows.length > 0 && table(['metric', 'model', ...sides], rows),
    importance.length > 0 &&
      table(
        ['feature', 'share of gain', ''],
        importance.map(({ feature, gain }) => [
          h('code', {}, feature),
          gain,
          h('span', { class: 'meter', style: `width: ${Math.round((160 * gain) / most)}px` }),
        ]),
      ),
  );
}

/** @param {{ value: number, lower?: number, upper?: number } | undefined} estimate */
function estimateText(estimate) {
  if (!estimate) return '';
  const { value, lower, upper } = estimate;
  const ends =
    lower !== undefined && upper !== undefined ? ` [${lower.toFixed(4)}, ${upper.toFixed(4)}]` : '';
  return h('span', {}, value.toFixed(4), h('span', { class: 'faint' }, ends));
}

/** @param {DocsNode} node */
function codeSection({ code, compiled }) {
  const texts = [
    ['compiled', compiled],
    ['source', code],
  ].flatMap(([name, text]) => (text ? [{ name: name ?? '', text }] : []));
  const [first] = texts;
  if (!first) return undefined;
  const holder = h('div', {});
  const tabs = h('div', { class: 'tabs' });
  /** @param {{ name: string, text: string }} shown */
  const show = (shown) => {
    const buttons = texts.map((one) =>
      h('button', { 'aria-pressed': String(one === shown), click: () => show(one) }, one.name),
    );
    const copy = h(
      'button',
      { click: () => void navigator.clipboard?.writeText(shown.text) },
      'Copy',
    );
    tabs.replaceChildren(...buttons, h('span', { class: 'grow' }), copy);
    holder.replaceChildren(sqlText(shown.text.trim()));
  };
  show(first);
  return section('SQL', '', tabs, holder);
}
