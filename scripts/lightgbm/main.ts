// Writes src/lightgbm/parameter-list.ts from a header of LightGBM's source distribution (pip download lightgbm):
//   node scripts/run-ts.mjs scripts/lightgbm/main.ts <lightgbm>/include/LightGBM/config.h
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readParameters } from './read-parameters.ts';

const LIST = fileURLToPath(new URL('../../src/lightgbm/parameter-list.ts', import.meta.url));

const [header] = process.argv.slice(2);
if (header === undefined) {
  process.stderr.write('usage: node scripts/run-ts.mjs scripts/lightgbm/main.ts <config.h>\n');
  process.exit(2);
}
const rows = readParameters(readFileSync(header, 'utf8')).map(
  ({ name, type, aliases, checks, options }) =>
    [name, type, ...[aliases, checks, options].map((list) => list.join(' '))].join(' | ').trimEnd(),
);
const before = readFileSync(LIST, 'utf8');
const [head = ''] = before.split('const TABLE', 1);
writeFileSync(LIST, `${head}const TABLE = \`\n${rows.join('\n')}\n\`;\n`);
