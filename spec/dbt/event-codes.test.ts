import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EVENT_CODES } from '../../src/cli/reporters/event-codes.ts';
import { hasRecords, RECORDS } from './records.ts';

it.skipIf(!hasRecords)("codes of events are dbt's (needs the recorded reference)", () => {
  const text = readFileSync(join(RECORDS, 'events.json'), 'utf8');
  const recorded: readonly { readonly name: string; readonly code: string }[] = JSON.parse(text);
  const codes = Object.fromEntries(recorded.map(({ name, code }) => [name, code]));
  const names = Object.keys(EVENT_CODES);
  expect(names.length).toBeGreaterThan(25);
  expect(EVENT_CODES).toEqual(Object.fromEntries(names.map((name) => [name, codes[name]])));
});
