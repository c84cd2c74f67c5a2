import { describe, expect, it } from 'vitest';
import type { SchemaName } from '../../scripts/schemas/json-schemas.ts';
import { editorFaults, veloFaults } from './check-file.ts';

interface Mistake {
  readonly what: string;
  readonly schema: SchemaName;
  readonly text: string;
  /** What velo says: place, message, hint. */
  readonly says: readonly string[];
}

const mistakes: readonly Mistake[] = [];

describe('a mistake is found by velo and by the editor', () => {
  it.each(mistakes)('$schema: $what', ({ schema, text, says }) => {
    expect(veloFaults(schema, text)).toEqual(says);
    expect(editorFaults(schema, text)).not.toEqual([]);
  });
});
