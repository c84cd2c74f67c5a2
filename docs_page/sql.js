// @ts-check
const KEYWORDS = new Set(
  `all and any array as asc between by case cast create cross current date desc distinct else end except exists extract false filter first following from full group having ilike in inner insert intersect interval into is join last lateral left like limit materialized natural not null nulls offset on or order outer over partition preceding qualify range recursive right row rows select set similar table then timestamp true unbounded union unnest using values view when where window with within`.split(
    ' ',
  ),
);

/** Jinja, comments, texts, numbers, words, and what is left. */
const TOKEN =
  /(\{#[\s\S]*?#\}|--[^\n]*|\/\*[\s\S]*?\*\/)|(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})|('(?:[^']|'')*')|("(?:[^"]|"")*")|(\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)|([A-Za-z_]\w*)/gi;

/** What a part of SQL is. @param {RegExpMatchArray} match */
function tokenKind([, comment, jinja, string, , number, word]) {
  if (comment) return 'c';
  if (jinja) return 'j';
  if (string) return 's';
  if (number) return 'n';
  return word && KEYWORDS.has(word.toLowerCase()) ? 'k' : undefined;
}

/** SQL with its words coloured. @param {string} text */
function sqlText(text) {
  const code = h('code', {});
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const kind = tokenKind(match);
    if (!kind) continue;
    code.append(text.slice(from, match.index), h('span', { class: kind }, match[0]));
    from = match.index + match[0].length;
  }
  code.append(text.slice(from));
  return h('pre', { class: 'sql', tabindex: 0 }, code);
}
