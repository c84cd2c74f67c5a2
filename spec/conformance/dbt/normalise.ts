import { takeErrors } from './take-errors.ts';

/** A call's output as it is compared. */
export interface Told {
  /** Lines in their order, without those of nodes; an error is one line, whatever it says. */
  readonly lines: readonly string[];
  /** Lines of nodes, and what is said of those that failed, sorted: nodes that do not wait for each other may run in any order. */
  readonly nodes: readonly string[];
  /** The texts of errors, which `lines` have without. */
  readonly errors: readonly string[];
}

/**
 * What a call printed, without what differs by nature: versions, times, how many macros a tool brings along, and what only
 * one of the two speaks of (velo's plan, dbt's cache). `text` has the placeholders of the records or is as velo wrote it.
 */
export function normalise(text: string, dir?: string): Told {
  // What is coloured is each tool's own; that anything is, both must do.
  const colours = text.includes(GREEN) ? ['<colours>'] : [];
  const placed = (dir ? text.replaceAll(dir, '<project>') : text)
    .replace(COLOUR, '')
    .replace(DEBUG_FRONT, 'HH:MM:SS  ')
    .replace(DEBUG_HEADING, 'HH:MM:SS  <heading>')
    .replace(/[ \t]+$/gm, '');
  const errors: string[] = [];
  const lines = takeErrors(placed.replace(PARSING, '').replace(PARTIAL_PARSE, ''), errors)
    .split('\n')
    .map(normaliseLine)
    .filter((line) => !LEFT_OUT.some((pattern) => pattern.test(line)));
  // A project that is refused: velo tells its warnings with its errors.
  const isRefused = lines.includes('<error>') && !lines.some(isFound);
  const isTold = (line: string) => !(isRefused && line.startsWith('[WARNING]: While compiling '));
  const isOfNode = (line: string) => NODE_LINE.test(line);
  const others = lines.filter(
    (line, i) => isTold(line) && !isOfNode(line) && !(line === '' && isEdge(lines, i)),
  );
  const { rest, details } = takeDetails(others);
  return {
    lines: [...colours, ...rest],
    nodes: [...lines.filter(isOfNode), ...details].sort(),
    errors,
  };
}

/** What is said of each node that failed or warned, below the verdict: in the order the nodes came, so each by itself. */
function takeDetails(lines: readonly string[]): {
  readonly rest: readonly string[];
  readonly details: readonly string[];
} {
  const rest: string[] = [];
  const details: string[] = [];
  let isDetail = false;
  for (const line of lines) {
    const begins = /^\[(?:ERROR|WARNING)\]: in \w+ \S+ \(/.test(line);
    isDetail = begins || (isDetail && !line.startsWith('Done. '));
    if (begins) details.push(line);
    else if (isDetail) details.push(`${details.pop()}\n${line}`);
    else rest.push(line);
  }
  return { rest, details };
}

/** Empty lines at the end, and of two in a row the second. */
const isEdge = (lines: readonly string[], i: number): boolean =>
  lines[i + 1] === '' || lines.slice(i).every((line) => line === '');

/** Of nodes, of the batches of one, and of the folders `clean` empties: dbt holds those in a set. */
const NODE_LINE = /^(?:N of \d+ (?!.* hook: )|Batch \d+ of \d+ |(?:Checking|Cleaned) <project>)/;

const LEFT_OUT: readonly RegExp[] = [
  /^Running with (?:dbt|velo)=/,
  /^Registered adapter: /,
  /^(?:info )?(?:MainReportVersion|AdapterRegistered): /,
  /^Plan: /,
  /^\[WARNING\]: velo reads these and does not act on them: /,
  /^Unable to do partial parsing because /,
  /^Performance info: /,
  /^Compiled \d+ nodes?$/,
  /^Open \S+ in a browser, or see it with velo docs serve$/,
  /^<traceback>$/,
  /^dbt\.cli\.exceptions\.DbtUsageException: /,
  /^info Formatting: /,
  /^info UnableToPartialParse: /,
  /^warn Warning: \[WARNING\]: velo reads these and does not act on them: /,
  /^warn \w+: \[WARNING\]: Constraint types are/,
  /^\[HINT\] Your parse is taking a long time/,
];

/** Whether a line says what was found in the project. */
export const isFound = (line: string): boolean => /^Found (?:\d|nothing)/.test(line);

const GREEN = '\u001b[32m';
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const COLOUR = /\u001b\[\d+m/g;

/** The format of a log for people: time, level, thread. dbt's name of a thread is cut off. */
const DEBUG_FRONT =
  /^(?:HH:MM:SS|\d\d:\d\d:\d\d\.\d+) \[\w+ *\] \[(?:MainThread|Thread-\w+(?: \()?)\]: /gm;

const DEBUG_HEADING = /^={30} [\d:.]+ \| \S+ ={30}$/gm;

const TIME = '^(?:HH:MM:SS|\\d\\d:\\d\\d:\\d\\d)(?: {2}|$)|^';

/** A warning of a file: dbt gives it when it reads the file, and velo each time. */
const PARSING = new RegExp(
  `(?:${TIME})\\[WARNING\\]: Constraint types are not supported for view\\s+materializations\\s(?:[^(]*?\n(?:this )?warning\\.\n|.*\n)`,
  'gm',
);

/** dbt's advice on deprecations, which velo tells of whether it reads a file anew or not. */
const PARTIAL_PARSE =
  / You may also need to\nrun with `--no-partial-parse` as some deprecations are only encountered during\nparsing\./g;

function normaliseLine(line: string): string {
  if (line.startsWith('{"info"') || line.startsWith('{"data"')) return jsonLine(line);
  const told = line.replace(new RegExp(TIME), '');
  if (isFound(told)) return inOrder(told.replace(/\b\d+ macros/, 'N macros'));
  return (
    told
      .replace(
        /in \d+ hours \d+ minutes and \d+\.\d\d seconds/,
        'in N hours N minutes and N.NN seconds',
      )
      .replace(/\d+\.\d\ds/g, 'N.NNs')
      .replace(/^\d+ (of \d+ (?!.* hook: ))/, 'N $1')
      // What the database answered: dbt's adapters and velo have words of their own for it, velo always how many rows.
      .replace(/^(.* OK (?:created|snapshotted) .*)\[[A-Z][A-Z ]*[\d ]* in/, '$1[OK in')
      .replace(/^(N of \d+ OK loaded .*)\[CREATE /, '$1[INSERT ')
      // How many dots depends on the number, which is left out.
      .replace(/^(N of \d+ .*?) \.+ (?=\[)/, '$1 ')
  );
}

/** dbt names kinds in the order it read their files, which is another after some were read anew. */
const inOrder = (line: string): string =>
  `Found ${line.slice('Found '.length).split(', ').sort().join(', ')}`;

/** Of an event what programs read: its name, level and message. */
function jsonLine(line: string): string {
  const { info } = JSON.parse(line) as { info: { name: string; level: string; msg: string } };
  return `${info.level} ${info.name}: ${info.msg.split('\n').map(normaliseLine).join('\n')}`;
}
