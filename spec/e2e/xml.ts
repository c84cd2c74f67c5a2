/** An element of an XML document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

const TOKEN = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

/** Reads the XML velo writes: elements, attributes and text. @throws Error where it is not well-formed */
export function readXml(source: string): Element {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!source.startsWith(head)) throw new Error('no XML declaration');
  const open: Open[] = [{ name: '', attributes: {}, children: [], text: '' }];
  TOKEN.lastIndex = head.length;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    const parent = open.at(-1);
    if (!match || !parent) throw new Error(`not XML at ${at}: ${source.slice(at, at + 40)}`);
    take(match, parent, open);
  }
  const [root, ...others] = open;
  const [document] = root?.children ?? [];
  if (!document || others.length > 0) throw new Error('an element is not closed');
  return document;
}

function take(match: RegExpExecArray, parent: Open, open: Open[]): void {
  const [, closing, name = '', attributes = '', empty, text] = match;
  if (text !== undefined) {
    parent.text += decoded(text);
  } else if (closing) {
    if (parent.name !== name) throw new Error(`</${name}> ends <${parent.name}>`);
    open.pop();
  } else {
    const element = { name, attributes: attributesOf(attributes), children: [], text: '' };
    parent.children.push(element);
    if (!empty) open.push(element);
  }
}

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value = '']) => [name, decoded(value)]),
  );

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

function decoded(text: string): string {
  return text.replace(/&(#?\w*);?/g, (all, name: string) => {
    const found = name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : NAMED[name];
    if (found === undefined || !all.endsWith(';')) throw new Error(`'${all}' is no entity`);
    return found;
  });
}
