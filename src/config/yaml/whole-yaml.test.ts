import { describe, expect, it } from 'vitest';
import { VeloError, VeloErrors } from '../../core/errors.ts';
import { readWholeYaml } from './whole-yaml.ts';

const readValue = (text: string): unknown => readWholeYaml('a.yml', text).value;

/** What Python's yaml.safe_load makes of the same texts. */
describe('the merge key <<', () => {
  it('gives the keys that are not written', () => {
    expect(readValue('a: &x {p: 1, q: 3}\nb:\n  <<: *x\n  q: 2\n')).toEqual({
      a: { p: 1, q: 3 },
      b: { p: 1, q: 2 },
    });
    expect(readValue('a: &x {p: 1}\nb:\n  q: 2\n  <<: [*x, {p: 9, z: 1}]\n')).toEqual({
      a: { p: 1 },
      b: { q: 2, p: 1, z: 1 },
    });
    expect(readValue('"<<": 1\n')).toEqual({ '<<': 1 });
  });

  it('leaves the place of a value that came from elsewhere to its mapping', () => {
    const { spanOf } = readWholeYaml('a.yml', 'a: &x {p: 1}\nb:\n  <<: *x\n  q: 2\n');
    expect(spanOf(['b'], 'q')).toMatchObject({ line: 4, column: 3 });
    expect(spanOf(['b', 'p'])).toMatchObject({ line: 3, column: 3 });
  });

  it.each([
    ['b:\n  <<: 5\n', 2, 3],
    ['b:\n  q: 1\n  <<: [1]\n', 3, 3],
    ['b:\n  <<: *nope\n', 2, 3],
    ['b:\n  <<:\n', 2, 3],
  ])('of %j is refused at its place', (text, line, column) => {
    const fault = faultOf(text);
    expect([fault.code, fault.message]).toEqual(['yaml-syntax', expect.stringContaining("'<<'")]);
    expect(fault.span).toMatchObject({ file: 'a.yml', line, column });
  });

  it('that multiplies is refused in no time', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1}\n  <<: [${Array(9).fill(`*a${i}`).join(', ')}]\n`,
    );
    const fault = faultOf(`a0: &a0 {k: 1}\n${levels.join('')}`);
    expect(fault.message).toContain('aliases within aliases multiply');
  });
});

function faultOf(text: string): VeloError {
  try {
    readValue(text);
  } catch (error) {
    if (error instanceof VeloErrors && error.errors[0]) return error.errors[0];
    if (error instanceof VeloError) return error;
    throw error;
  }
  throw new Error(`nothing is wrong with ${text}`);
}
