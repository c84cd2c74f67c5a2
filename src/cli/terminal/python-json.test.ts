import { expect, test } from 'vitest';
import { pythonJson } from './python-json.ts';

// Each text was printed by Python 3.11: json.dumps(value).
test.each([
  [{}, '{}'],
  [[], '[]'],
  [{ a: 1, b: [true, null, 'x'] }, '{"a": 1, "b": [true, null, "x"]}'],
  [{ 'é"': 'Köln\n\t😀\u007f' }, '{"\\u00e9\\"": "K\\u00f6ln\\n\\t\\ud83d\\ude00\\u007f"}'],
  [1.5, '1.5'],
  [{ nested: { deep: [[1], {}] } }, '{"nested": {"deep": [[1], {}]}}'],
])('%j', (value, text) => {
  expect(pythonJson(value)).toBe(text);
});
