import { expect, it } from 'vitest';
import { filesBelow, readText, sectionsOf } from './documents.ts';

const sources = filesBelow('src', '.ts').filter((path) => !/(\w\.test|-fixture)\.ts$/.test(path));
const filesWith = (pattern: RegExp): string[] =>
  sources.filter((path) => pattern.test(readText(path)));

it('only the command line writes to the terminal or ends the process', () => {
  const writers = filesWith(/\bprocess\.(?:stdout|stderr|exit|exitCode)\b|\bconsole\./);
  expect(writers.filter((path) => !path.startsWith('src/cli/'))).toEqual([]);
});

it('only the bin and config/environment.ts touch process.env', () => {
  expect(filesWith(/\bprocess\.env\b/)).toEqual(['src/cli/bin.ts', 'src/config/environment.ts']);
});

it('the layer table of docs/architecture.md is the one dependency-cruiser enforces', () => {
  const [config = ''] = readText('.dependency-cruiser.cjs').split('\n};', 1);
  const layers = sectionsOf(readText('docs/architecture.md')).get('Layers') ?? '';
  const enforced = [...config.matchAll(/^ {2}(\w+): \[([^\]]*)\]/gm)].map(
    ([, layer, allowed = '']) => `${layer}: ${[...allowed.matchAll(/\w+/g)].join(', ')}`,
  );
  const table = [...layers.matchAll(/^\| `src\/(\w+)` \| (.*?) \|/gm)].map(
    ([, layer, allowed = '']) => `${layer}: ${allowed === 'nothing' ? '' : allowed}`,
  );
  expect(table).toEqual(enforced);
});
