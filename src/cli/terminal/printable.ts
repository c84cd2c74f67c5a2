// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/**
 * `text` without anything a terminal would obey: a database's message may quote a value that holds escape sequences.
 * Line feeds stay; a tab becomes two spaces, every other control character `�`.
 */
export const printable = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(CONTROLS, (control) => (control === '\t' ? '  ' : '\ufffd'));
