import { type BuiltInEntries, builtIns } from '../built-in.ts';
import { toArray } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { asInt } from '../python/method.ts';
import { toText } from '../python/text.ts';
import { isTruthy, isUndefined, type Value } from '../python/types.ts';
import { splitWords } from '../python/whitespace.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

const entries: BuiltInEntries = {
  escape: ['s', (s) => escapeText(toText(s))],
  e: ['s', (s) => escapeText(toText(s))],
  forceescape: ['value', (value) => escapeText(toText(value))],
  safe: ['value', (value) => toText(value)],
  striptags: ['value', (value) => stripTags(toText(value))],
  urlencode: ['value', urlEncode],
  urlize: ['value trim_url_limit? nofollow? target? rel? extra_schemes?', urlize],
  xmlattr: ['d autospace?', xmlAttributes],
};

export const markupFilters = builtIns(entries);

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

function stripTags(text: string): string {
  const bare = without(without(text, '<!--', '-->'), '<', '>');
  return splitWords(bare)
    .join(' ')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
      if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? all) : all;
      return characterOf(Number.parseInt(decimal ?? hex, decimal ? 10 : 16));
    });
}

/** As browsers read `&#…;`: what is no character is shown as one that is missing. */
function characterOf(code: number): string {
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : '\ufffd';
}

/** Leaves out all from `open` to `close`; an expression would look for the end from each beginning. */
function without(text: string, open: string, close: string): string {
  let kept = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf(open, at);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return kept + text.slice(at);
    kept += text.slice(at, start);
    at = end + close.length;
  }
}

function urlEncode(value: Value): string {
  if (typeof value === 'string') return quoteUrl(value, false);
  if (!(value instanceof Map) && !Array.isArray(value)) return quoteUrl(toText(value), false);
  const pairs = value instanceof Map ? [...value] : value.map((pair) => toArray(pair));
  return pairs
    .map(([key, item]) => `${quoteUrl(toText(key), true)}=${quoteUrl(toText(item), true)}`)
    .join('&');
}

function quoteUrl(text: string, forQuery: boolean): string {
  const quoted = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return forQuery ? quoted.replaceAll('%20', '+') : quoted.replaceAll('%2F', '/');
}

function xmlAttributes(value: Value, autospace: Value = true): string {
  if (!(value instanceof Map)) raise('TypeError', 'xmlattr needs a mapping');
  const pairs = [...value].filter(([, item]) => item !== null && !isUndefined(item));
  const written = pairs.map(([key, item]) => {
    if (/[\s/>=]/.test(toText(key))) {
      raise('ValueError', `Invalid character in attribute name: '${toText(key)}'`);
    }
    return `${escapeText(toText(key))}="${escapeText(toText(item))}"`;
  });
  const text = written.join(' ');
  return text !== '' && isTruthy(autospace) ? ` ${text}` : text;
}

const LINK = /^(?:https?:\/\/\S+|www\.\S+\.\S+|[\w.-]+\.(?:com|net|org)(?:\/\S*)?)$/i;

/** Where the brackets and stops at the end of a word begin. */
function tailStart(word: string, from: number): number {
  let end = word.length;
  for (;;) {
    const last = word[end - 1] ?? '';
    if (end > from && ')].,\n'.includes(last)) end -= 1;
    else if (end - 4 >= from && word.startsWith('&gt;', end - 4)) end -= 4;
    else return end;
  }
}

/** Links for words that are addresses of the web or of mail; brackets and full stops stay out. */
function urlize(value: Value, limit: Value, nofollow: Value, target: Value, rel: Value): string {
  const rels = new Set(['noopener', ...(isTruthy(nofollow) ? ['nofollow'] : [])]);
  for (const part of splitWords(toText(rel ?? ''))) rels.add(part);
  const extra = ` rel="${[...rels].sort().join(' ')}"${isTruthy(target) ? ` target="${toText(target)}"` : ''}`;
  const most = asInt(limit, Number.POSITIVE_INFINITY);
  const shorten = (text: string) => (text.length > most ? `${text.slice(0, most)}...` : text);
  return escapeText(toText(value))
    .split(/(\s+)/)
    .map((word) => {
      const [head = ''] = /^(?:[([]|&lt;)*/.exec(word) ?? [];
      const end = tailStart(word, head.length);
      const middle = word.slice(head.length, end);
      const tail = word.slice(end);
      if (LINK.test(middle)) {
        const href = /^https?:/i.test(middle) ? middle : `https://${middle}`;
        return `${head}<a href="${href}"${extra}>${shorten(middle)}</a>${tail}`;
      }
      const mail = /^(?:mailto:)?([^\s@:]+@[^\s@.]+\.[^\s@]+)$/.exec(middle)?.[1];
      return mail ? `${head}<a href="mailto:${mail}">${mail}</a>${tail}` : word;
    })
    .join('');
}
