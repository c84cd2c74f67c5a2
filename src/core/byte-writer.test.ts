import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { byteWriter } from './byte-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'velo-bytes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'out');
const MEGABYTE = 1 << 20;

/** Writes these and checks that each is told its size. */
function written(parts: readonly (string | Buffer)[]): Buffer {
  const out = byteWriter(file);
  let position = 0;
  for (const part of parts) {
    const size = Buffer.from(part as string).length;
    expect(out.add(part)).toBe(size);
    position += size;
    expect(out.position()).toBe(position);
  }
  out.close();
  return readFileSync(file);
}

test('parts of any size come one after the other', () => {
  const parts = ['', 'a', 'ä€😀', Buffer.from('bytes'), 'x'.repeat(2 * MEGABYTE), 'y', '\ud800'];
  expect(written(parts).equals(Buffer.from(parts.join('')))).toBe(true);
  const large = Buffer.alloc(3 * MEGABYTE, 'z');
  expect(
    written(['a', large, 'b']).equals(Buffer.concat([Buffer.from('a'), large, Buffer.from('b')])),
  ).toBe(true);
  const many = Array.from({ length: 5000 }, (_, at) => `${'€'.repeat(at % 700)}${at}`);
  expect(written(many).toString()).toBe(many.join(''));
});

test('parts of another file stand where they were added', () => {
  const source = join(folder, 'source');
  writeFileSync(source, '0123456789'.repeat(MEGABYTE / 10 + 1));
  const from = openSync(source, 'r');
  const out = byteWriter(file);
  out.add('a');
  out.copy(from, 3, 4);
  out.copy(from, 7, MEGABYTE - 7);
  expect(out.position()).toBe(1 + MEGABYTE - 3);
  out.copy(from, 0, 2);
  expect(out.add('b')).toBe(1);
  out.close();
  const text = readFileSync(source, 'utf8');
  expect(readFileSync(file, 'utf8')).toBe(`a${text.slice(3, MEGABYTE)}01b`);
  const short = byteWriter(file);
  short.copy(from, text.length - 1, 2);
  expect(() => short.close()).toThrow('ends at byte');
  closeSync(from);
});
