import { areClose } from './close-values.ts';

/**
 * Whether two JSON-safe values are the same but for the last digits of numbers; `isDocument`: they are texts of JSON,
 * whose keys may stand in another order. @param tolerance relative to the larger number of each two
 */
export function isSameValue(
  here: unknown,
  there: unknown,
  tolerance: number,
  isDocument: boolean,
): boolean {
  if (!isDocument) return areClose(here, there, tolerance);
  const [one, other] = [parsed(here), parsed(there)];
  if (one === undefined || other === undefined) return false;
  return areClose(inOrder(one), inOrder(other), tolerance);
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/** Keys in order, so that objects can be compared entry by entry. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, inOrder(one)]));
}
