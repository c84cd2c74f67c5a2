// @ts-check
/** @typedef {import('../src/artifacts/docs-data.ts').DocsData} DocsData */
/** @typedef {import('../src/artifacts/docs-data.ts').DocsNode} DocsNode */

/**
 * The data with what is asked of it again and again.
 * @typedef {object} Site
 * @property {DocsData} data
 * @property {readonly DocsNode[]} nodes
 * @property {ReadonlyMap<string, number>} byId positions in `nodes`
 * @property {readonly number[][]} children positions, by position
 * @property {ReadonlyMap<string, readonly (readonly [number, string])[]>} feeds what is made of a column, by `columnKey`
 */

/** @returns {Site} */
function readSite() {
  /** @type {DocsData} */
  const data = JSON.parse(document.getElementById('data')?.textContent ?? '');
  const { nodes } = data;
  /** @type {number[][]} */
  const children = nodes.map(() => []);
  for (const [i, { parents }] of nodes.entries())
    for (const parent of parents) children[parent]?.push(i);
  const byId = new Map(nodes.map(({ id }, i) => [id, i]));
  return { data, nodes, byId, children, feeds: feedsOf(nodes) };
}

/** @param {number} position @param {string} column */
const columnKey = (position, column) => `${position}.${column.toLowerCase()}`;

/** @param {readonly DocsNode[]} nodes @returns {Site['feeds']} */
function feedsOf(nodes) {
  /** @type {Map<string, [number, string][]>} */
  const feeds = new Map();
  for (const [i, { columns }] of nodes.entries()) {
    for (const { name, from } of columns) {
      for (const [position, column] of from) {
        const key = columnKey(position, column);
        const known = feeds.get(key);
        if (known) known.push([i, name]);
        else feeds.set(key, [[i, name]]);
      }
    }
  }
  return feeds;
}

/** What colour a node has. @param {DocsNode} node */
function colourOf({ kind, materialized }) {
  if (['train', 'score', 'backtest'].includes(materialized)) return 'var(--train)';
  return ['model', 'source', 'seed', 'snapshot', 'exposure'].includes(kind)
    ? `var(--${kind})`
    : 'var(--other)';
}

/** What people call the kind of a node. @param {DocsNode} node */
const kindOf = ({ kind, materialized }) =>
  kind === 'model' ? `${materialized} model` : kind.replaceAll('_', ' ');

/** @param {DocsNode} node */
const linkTo = ({ id }) => `#/node/${encodeURIComponent(id)}`;

/** @param {DocsNode} node @param {string} column */
const linkToColumn = (node, column) => `${linkTo(node)}/${encodeURIComponent(column)}`;

/** @param {number} count @param {string} one @param {string} [many] */
const plural = (count, one, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** `2024-01-31`, with the hour where it is not midnight. @param {number} ms */
function dayText(ms) {
  const text = new Date(ms).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}
