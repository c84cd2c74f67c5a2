import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readRequest, UsageError } from './arguments.ts';
import { type Group, ROOT, withFolder } from './bench.ts';
import { GROUPS } from './groups/index.ts';
import { header, load, sectionNote } from './machine.ts';
import { resultsText } from './results-file.ts';
import { type Outcome, sectionText } from './section.ts';

const RESULTS = join(ROOT, 'bench', 'results.md');
const NAMES = GROUPS.map(({ name }) => name);
const HELP = `Measures velo and writes bench/results.md.

usage: npm run bench [-- GROUP…]

Without groups all are measured; else only their sections of the results are replaced.

${GROUPS.map(({ name, about }) => `  ${name.padEnd(9)}${about}`).join('\n')}
`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(args: readonly string[]): Promise<void> {
  const request = readRequest(args, NAMES);
  if (request.task === 'help') {
    process.stdout.write(HELP);
    return;
  }
  for (const group of GROUPS.filter(({ name }) => request.groups.includes(name))) {
    const loadBefore = load();
    const outcome = await measured(group);
    const section = sectionText([group.about, sectionNote(new Date(), loadBefore)], outcome);
    process.stdout.write(`\n## ${group.name}\n\n${section}\n`);
    await writeSection(group.name, section);
    if ('failed' in outcome) process.exitCode = 1;
  }
}

/** A group that fails says so in its section; the others are measured all the same. */
async function measured(group: Group): Promise<Outcome> {
  const tell = (text: string) => process.stderr.write(`${group.name}: ${text}\n`);
  try {
    const rows = await withFolder(tmpdir(), (folder) => group.measure(folder, tell));
    return typeof rows === 'string' ? { skipped: rows } : { rows };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { failed: error.message };
  }
}

/** After each group, so that what has been measured is kept when a later one is interrupted. */
async function writeSection(name: string, section: string): Promise<void> {
  const before = await readFile(RESULTS, 'utf8').catch(() => '');
  await mkdir(dirname(RESULTS), { recursive: true });
  const text = resultsText(before, header(new Date()), new Map([[name, section]]), NAMES);
  await writeFile(RESULTS, text);
}
