import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeId } from '../core/node.ts';
import { stateKey } from '../core/node-state.ts';
import { readOldSnapshot, readSnapshot, writeSnapshot } from './snapshot.ts';
import type { WarehouseState } from './warehouse-state.ts';

const STATE: WarehouseState = {
  ledger: {
    states: new Map([
      [
        stateKey(nodeId('model', 'shop', 'a'), 'main.a'),
        {
          version: 'v1',
          fingerprint: { sql: 's', config: 'c' },
          inputs: { x: 'y' },
          seen: { z: 3 },
          epoch: 'e',
          totalRows: 9,
          ranges: [{ start: -1, end: 86_400_000 }],
          rows: undefined,
          durationMs: 1.5,
        },
      ],
    ]),
    changes: new Map([
      [
        'source.shop.z@main.z',
        { observed: 'v2', code: 'c', changes: [{ seq: 3, range: { start: 0, end: 5 } }] },
      ],
    ]),
    lastSeq: 7,
    entryCount: 3,
  },
  format: 2,
  edited: [{ key: 'model.shop.a@main.a', expected: 9, found: 8 }],
  modelMoves: new Map([['win', 2]]),
  relations: [{ relation: { schema: 'main', name: 'a' }, type: 'view' }],
};

async function writtenSnapshot(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'velo-snapshot-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'deep/er/state.json');
  await writeSnapshot(file, 'stamp', ['main', 'other'], STATE);
  return file;
}

test('what was kept is read again, for the same schemas or fewer', async () => {
  const file = await writtenSnapshot();
  const read = readSnapshot(file, 'stamp', ['main', 'other']);
  expect(read).toEqual(STATE);
  expect(read?.ledger.states).toBeInstanceOf(Map);
  expect(readSnapshot(file, 'stamp', ['main'])).toEqual(STATE);
});

test.each<[string, string | undefined, string[]]>([
  ['the database has changed', 'another stamp', ['main']],
  ['nothing can be known of the database', undefined, ['main']],
  ['a schema is asked for that was not looked at', 'stamp', ['main', 'third']],
])('it is ignored when %s', async (_, stamp, schemas) => {
  expect(readSnapshot(await writtenSnapshot(), stamp, schemas)).toBeUndefined();
});

test('what was kept can be had although the database has changed', async () => {
  const file = await writtenSnapshot();
  const old = readOldSnapshot(file, ['main']);
  expect(old?.state).toEqual(STATE);
  expect(Math.abs((old?.takenAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(readOldSnapshot(file, ['third'])).toBeUndefined();
  expect(readOldSnapshot(`${file}.none`, ['main'])).toBeUndefined();
});

test('a missing, cut, foreign or older file is no harm', async () => {
  const file = await writtenSnapshot();
  const text = readFileSync(file, 'utf8');
  expect(readSnapshot(`${file}.none`, 'stamp', ['main'])).toBeUndefined();
  const bad = [
    '',
    '{',
    text.slice(0, -20),
    'null',
    '[]',
    '"x"',
    '{}',
    text.replace(/"format":\d+/, '"format":0'),
  ];
  for (const content of bad) {
    writeFileSync(file, content);
    expect(readSnapshot(file, 'stamp', ['main']), content).toBeUndefined();
  }
});

test('nothing but the file itself is left behind', async () => {
  const file = await writtenSnapshot();
  await writeSnapshot(file, 'stamp', ['main'], STATE);
  expect(readdirSync(join(file, '..'))).toEqual(['state.json']);
});

test('without a stamp nothing is kept', async () => {
  const file = await writtenSnapshot();
  rmSync(file);
  await writeSnapshot(file, undefined, ['main'], STATE);
  expect(readdirSync(join(file, '..'))).toEqual([]);
});
