import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLogFile } from './log-file.ts';

function emptyFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'velo-log-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return join(root, 'logs');
}

test('a full file makes room for a new one, the oldest of six goes', () => {
  const folder = emptyFolder();
  const write = (text: string) => openLogFile(folder, 4).write(text);
  for (const text of ['1111', '2222', '3333', '4444', '5555', '6666', '7777']) write(text);
  const found = readdirSync(folder).sort();
  expect(found).toEqual(['velo.log', ...[1, 2, 3, 4, 5].map((age) => `velo.log.${age}`)]);
  const texts = found.map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(texts).toEqual(['7777', '6666', '5555', '4444', '3333', '2222']);
});

test('a file of no limit grows', () => {
  const folder = emptyFolder();
  const file = openLogFile(folder, 0);
  file.write('é');
  file.write('b');
  expect(readFileSync(join(folder, 'velo.log'), 'utf8')).toBe('éb');
});
