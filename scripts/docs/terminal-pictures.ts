// Draws pictures of velo in a real terminal for docs/images: all of them, or those that are named.
//   npm run pictures [-- build plan]
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Recording, recordTerminal } from './record-terminal.ts';
import { renderSvg } from './render-svg.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(ROOT, 'dist/cli/bin.js');
const IMAGES = join(ROOT, 'docs/images');
const SHOP = join(ROOT, 'spec/projects/corner_shop');

interface Picture {
  readonly name: string;
  /** For whoever cannot see it. */
  readonly label: string;
  readonly columns: number;
  /** Calls of velo in the shop that come before and are not shown; without them the sample is the project. */
  readonly before?: readonly (readonly string[])[];
  /** Text of the shop's files that is replaced after them. */
  readonly edits?: readonly (readonly [file: string, from: string, to: string])[];
  /** Calls of velo that are shown. */
  readonly calls: readonly string[];
  readonly until?: RegExp;
}

/** The shop's tills have sent something. */
const SCANS = [['run-operation', 'receive_scans', '--args', '{day: 1}']] as const;

const PICTURES: readonly Picture[] = [
  {
    name: 'build',
    label: 'velo build in a terminal, and once more with nothing to do',
    columns: 112,
    calls: ['build', 'build'],
  },
  {
    name: 'live',
    label: 'velo build while it runs: finished nodes above, those at work below',
    columns: 112,
    calls: ['build'],
    until: /training_dataset.*\[#[#-]*\] \d+\/\d+/,
  },
  {
    name: 'failing-test',
    label: 'velo build after a change that breaks a unit test: the rows that differ',
    columns: 92,
    before: [...SCANS, ['build']],
    edits: [['models/marts/fct_orders.sql', "'returned'", "'Returned'"]],
    calls: ['build'],
  },
  {
    name: 'check',
    label: 'velo check: mistakes in the SQL, each at its line, before anything runs',
    columns: 92,
    before: SCANS,
    edits: [
      ['models/staging/stg_orders.sql', 'ordered_at', 'orderd_at'],
      ['models/marts/dim_products.sql', 'p.price * (100', 'p.title * (100'],
    ],
    calls: ['check'],
  },
  {
    name: 'plan',
    label: 'velo plan after a change: what a build would do, and why',
    columns: 124,
    before: [...SCANS, ['build']],
    edits: [
      ['seeds/raw_products.csv', 'Green tea,tea,450', 'Green tea,tea,480'],
      ['models/marts/rpt_cities.sql', "'unknown'", "'elsewhere'"],
    ],
    calls: ['plan'],
  },
];

const wanted = process.argv.slice(2);
mkdirSync(IMAGES, { recursive: true });
for (const picture of PICTURES) {
  if (wanted.length === 0 || wanted.includes(picture.name)) await draw(picture);
}

async function draw(picture: Picture): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'velo-picture-'));
  try {
    if (picture.before) prepareShop(folder, picture);
    const lines = await recordTerminal(recordingOf(picture, folder));
    // As a newcomer sees it, whose target folder is the usual one.
    const shown = lines.map((line) => line.replaceAll(`${folder}/target`, 'target'));
    const svg = renderSvg(shown, picture.columns, picture.label);
    writeFileSync(join(IMAGES, `${picture.name}.svg`), svg);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function recordingOf({ columns, until, before, calls }: Picture, folder: string): Recording {
  const more = before ? '' : ` --target-path ${folder}/target`;
  const script = calls.flatMap((args, at) => [
    ...(at > 0 ? ["printf '\\n'"] : []),
    `printf '\\033[2m$\\033[0m npx velo ${args}\\n'`,
    `node ${BIN} ${args}${more}`,
  ]);
  return { cwd: before ? folder : ROOT, script, columns, until };
}

function prepareShop(folder: string, { before = [], edits = [] }: Picture): void {
  cpSync(SHOP, folder, { recursive: true });
  for (const args of before) execFileSync('node', [BIN, ...args], { cwd: folder, stdio: 'ignore' });
  for (const [file, from, to] of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not hold: ${from}`);
    writeFileSync(path, text.replace(from, to));
  }
}
