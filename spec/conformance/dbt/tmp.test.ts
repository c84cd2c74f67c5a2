import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { readInvocations } from '../../dbt/records.ts';
import { normalise } from './normalise.ts';
import { replay } from './replay.ts';
import { shopPostgres } from './shop-postgres.ts';

test('x', async () => {
  const pg = await shopPostgres();
  const done = await replay(1, pg, ['pg']).finally(pg.drop);
  const calls = readInvocations();
  mkdirSync('/tmp/hA/out', { recursive: true });
  const show = (t: any) => [...t.lines, '--', ...t.nodes, ''].join('\n');
  for (const one of done) {
    const call = calls.get(one.n)!;
    writeFileSync(`/tmp/hA/out/${one.n}.velo`, show(normalise(one.text, one.dir)));
    writeFileSync(`/tmp/hA/out/${one.n}.raw`, one.text);
    writeFileSync(`/tmp/hA/out/${one.n}.dbt`, show(normalise(call.stdout + call.stderr)));
  }
}, 300000);
