/** A predicate for a shell pattern over a whole text, as Python's fnmatch: `*`, `?`, `[a-c]`, `[!x]`; case counts. */
export function compileGlob(pattern: string): (text: string) => boolean {
  if (!hasWildcard(pattern)) return (text) => text === pattern;
  const regex = new RegExp(`^${translate(pattern, '.*', '.')}$`, 's');
  return (text) => regex.test(text);
}

/** The same for paths with '/': `*` and `?` stay within a folder, `**` stands for any number of folders. */
export function compilePathGlob(pattern: string): (path: string) => boolean {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  const source = parts.map((part, i) => {
    const last = i === parts.length - 1;
    if (part === '**') return last ? '.+' : '(?:[^/]+/)*';
    return translate(part, '[^/]*', '[^/]') + (last ? '' : '/');
  });
  const regex = new RegExp(`^${source.join('')}$`, 's');
  return (path) => regex.test(path);
}

export const hasWildcard = (text: string): boolean => /[*?[\]]/.test(text);

const PIECE = /\*+|\?|\[!?\]?[^\]]*\]|[^*?]/gs;

function translate(pattern: string, many: string, one: string): string {
  return pattern.replaceAll(PIECE, (piece) => {
    if (piece.startsWith('*')) return many;
    if (piece === '?') return one;
    if (piece.length > 1) return characterClass(piece.slice(1, -1));
    return escapeRegExp(piece);
  });
}

function characterClass(inside: string): string {
  const negated = inside.startsWith('!');
  const members = (negated ? inside.slice(1) : inside).replaceAll(/[\\\]^[]/g, '\\$&');
  return `[${negated ? '^' : ''}${members}]`;
}

const escapeRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
