// @ts-check
/** What stands in an element: text, elements, or nothing. @typedef {Node | string | number | undefined | null | false} Part */

/**
 * An element. Attributes that are functions are listeners; texts are never read as HTML.
 * @param {string} tag
 * @param {Record<string, unknown>} attributes
 * @param {...(Part | Part[])} parts
 * @returns {HTMLElement}
 */
function h(tag, attributes = {}, ...parts) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function')
      element.addEventListener(name, /** @type {EventListener} */ (value));
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, parts);
  return element;
}

/** @param {Element} element @param {(Part | Part[])[]} parts */
function append(element, parts) {
  for (const part of parts.flat()) {
    if (part === undefined || part === null || part === false) continue;
    element.append(typeof part === 'number' ? String(part) : part);
  }
}

const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...Part} parts @returns {SVGElement} */
function svg(tag, attributes, ...parts) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  append(element, parts);
  return element;
}

/** A table; cells that are numbers stand right. @param {readonly string[]} titles @param {readonly (Part | Part[])[][]} rows */
function table(titles, rows) {
  const isNumber = titles.map(
    (_, i) =>
      rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || row[i] === undefined),
  );
  const mark = (/** @type {number} */ i) => (isNumber[i] ? { class: 'number' } : {});
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        titles.map((title, i) => h('th', mark(i), title)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((row) =>
        h(
          'tr',
          {},
          row.map((cell, i) =>
            h(
              'td',
              // Where there is no room for columns, each value stands beneath its title.
              { ...mark(i), 'data-title': titles[i] },
              ...[
                typeof cell === 'number'
                  ? cell.toLocaleString('en', { maximumFractionDigits: 4 })
                  : cell,
              ],
            ),
          ),
        ),
      ),
    ),
  );
}

/** Markdown as descriptions use it: paragraphs, lists, headings, code, bold, links. @param {string} text */
function prose(text) {
  const blocks = text
    .trim()
    .split(/\n\s*\n/)
    .filter(Boolean)
    .map((block) => {
      const lines = block.split('\n');
      if (lines.every((line) => /^\s*[*-] /.test(line))) {
        return h(
          'ul',
          {},
          lines.map((line) => h('li', {}, inline(line.replace(/^\s*[*-] /, '')))),
        );
      }
      const heading = /^(#{1,4}) +(.*)$/.exec(block);
      return heading ? h('h2', {}, inline(heading[2] ?? '')) : h('p', {}, inline(block));
    });
  return h('div', { class: 'doc' }, blocks);
}

/** @param {string} text @returns {Part[]} */
function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\(https?:[^)\s]+\))/).map((part) => {
    if (part.startsWith('`') && part.length > 1) return h('code', {}, part.slice(1, -1));
    if (part.startsWith('**') && part.length > 3) return h('b', {}, part.slice(2, -2));
    const link = /^\[([^\]]+)\]\((https?:[^)]+)\)$/.exec(part);
    return link ? h('a', { href: link[2], rel: 'noreferrer' }, link[1]) : part;
  });
}
