const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

const PRINTABLE_ASCII = /^[ -~]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const ESCAPES = /(\u001b\[[0-9;]*m)/;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]*$/u;

/** East Asian Wide and Fullwidth (Unicode TR 11), and characters shown as emoji. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** Terminal cells `text` (one line) takes. Colours take none. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const [index, part] of text.split(ESCAPES).entries()) {
    if (index % 2 === 0) for (const grapheme of graphemes(part)) width += graphemeWidth(grapheme);
  }
  return width;
}

/** More of a text than cells could show: a line may be megabytes long, and splitting it takes seconds. */
const unitsIn = (width: number): number => 64 * (Math.max(0, width) + 1);

/** `text` in at most `width` cells; what is cut off at the end becomes `…`. Colours are kept whole. */
export function cutEnd(whole: string, width: number): string {
  const text = whole.includes('\u001b') ? whole : whole.slice(0, unitsIn(width));
  if (text.length === whole.length && displayWidth(text) <= width) return text;
  if (width < 1) return '';
  let [kept, left, full] = ['', width - 1, false];
  for (const [index, part] of text.split(ESCAPES).entries()) {
    if (index % 2 === 1) {
      kept += part;
    } else if (!full) {
      const taken = take(graphemes(part), left);
      kept += taken.text;
      left -= taken.width;
      full = taken.text.length < part.length;
      if (full) kept += '…';
    }
  }
  return kept;
}

/** Like `cutEnd` for text without colours, but its end is kept. */
export function cutStart(whole: string, width: number): string {
  const text = whole.slice(-unitsIn(width));
  if (text.length === whole.length && displayWidth(text) <= width) return text;
  if (width < 1) return '';
  let [kept, left] = ['', width - 1];
  for (const grapheme of graphemes(text).reverse()) {
    left -= graphemeWidth(grapheme);
    if (left < 0) break;
    kept = grapheme + kept;
  }
  return `…${kept}`;
}

/** `text` and spaces to `width` cells; never cut. */
export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));

/** Spaces to `width` cells and `text`; never cut. */
export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - displayWidth(text))) + text;

/** Exactly `width` cells: cut or padded. */
export const fit = (text: string, width: number): string => padEnd(cutEnd(text, width), width);

const graphemes = (text: string): string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment);

function graphemeWidth(grapheme: string): number {
  if (PRINTABLE_ASCII.test(grapheme)) return grapheme.length;
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

function take(parts: readonly string[], width: number): { text: string; width: number } {
  let [text, used] = ['', 0];
  for (const part of parts) {
    const next = used + graphemeWidth(part);
    if (next > width) break;
    text += part;
    used = next;
  }
  return { text, width: used };
}
