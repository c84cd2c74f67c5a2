/** Of the largest number around: what is left of it when a sum cancels out. */
export const CANCELLED = 1e-13;

/**
 * Whether two JSON-safe values are the same but for the last digits of numbers in them.
 * @param tolerance relative to the larger number of each two
 */
export function areClose(left: unknown, right: unknown, tolerance: number): boolean {
  const floor = CANCELLED * Math.max(largest(left), largest(right));
  return isSame(left, right, (a, b) => {
    const allowed = Math.max(tolerance * Math.max(Math.abs(a), Math.abs(b)), floor);
    return a === b || Math.abs(a - b) <= allowed;
  });
}

type Compare = (left: number, right: number) => boolean;

function isSame(left: unknown, right: unknown, compare: Compare): boolean {
  if (typeof left === 'number' && typeof right === 'number') return compare(left, right);
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  if (left === null || right === null) return left === right;
  const [one, other] = [Object.entries(left), Object.entries(right)];
  return (
    one.length === other.length &&
    one.every(([key, value], i) => {
      const [otherKey, otherValue] = other[i] ?? [];
      return key === otherKey && isSame(value, otherValue, compare);
    })
  );
}

function largest(value: unknown): number {
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((most: number, one) => Math.max(most, largest(one)), 0);
}
