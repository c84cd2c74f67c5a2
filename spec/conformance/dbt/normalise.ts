/**
 * A call's output as it is compared: dbt's has the placeholders of the records already. Left out is what differs by
 * nature (versions, times, how many macros a tool brings along) and what velo says besides (its plan).
 */
export function normalise(text: string, dir?: string): readonly string[] {
  const lines = (dir ? text.replaceAll(dir, '<project>') : text)
    .replace(/[ \t]+$/gm, '')
    .replace(PARSING, '')
    .split('\n')
    .map(normaliseLine)
    .filter((line) => !LEFT_OUT.some((pattern) => pattern.test(line)));
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

const LEFT_OUT: readonly RegExp[] = [
  /^Running with (?:dbt|velo)=/,
  /^Registered adapter: /,
  /^Plan: /,
  // What dbt says of its cache of the project; velo's is silent.
  /^Unable to do partial parsing because /,
];

/** A warning of a file: dbt gives it when it reads the file, and velo each time. */
const PARSING =
  /^(?:HH:MM:SS {2}|\d\d:\d\d:\d\d {2})?\[WARNING\]: Constraint types are not supported for view materializations (?:and will\nbe ignored\. {2}Set 'warn_unsupported: false' on this constraint to ignore this\nwarning\.\n|.*\n)/gm;

function normaliseLine(line: string): string {
  if (line.startsWith('{"info"')) return jsonLine(line);
  return line
    .replace(/^(?:HH:MM:SS|\d\d:\d\d:\d\d)(?: {2}|$)/, '')
    .replace(/in \d+ hours \d+ minutes and \d+\.\d\d seconds/, 'in N hours N minutes and N.NN seconds')
    .replace(/\d+\.\d\ds/g, 'N.NNs')
    .replace(/\b\d+ macros/, 'N macros');
}

/** Of an event what programs read: its name, level and message. */
function jsonLine(line: string): string {
  const { info } = JSON.parse(line) as {
    info: { name: string; level: string; msg: string };
  };
  return `${info.level} ${info.name}: ${info.msg.split('\n').map(normaliseLine).join('\n')}`;
}
