import { failUndefined } from './compare.ts';
import { raise } from './error.ts';
import { asNumber, isInt } from './numbers.ts';
import { type Signature, signatureOf } from './signature.ts';
import { typeName } from './text.ts';
import type { Value } from './types.ts';
import { spendOn } from './work.ts';

/** A method of a built-in type; `args` are in the order of the signature. */
export interface Method<Self> {
  readonly signature: Signature;
  readonly run: (self: Self, args: readonly Value[]) => Value;
}

export type MethodTable<Self> = ReadonlyMap<string, Method<Self>>;

/** A table from `name: [signature, run]` entries; own names only, so no prototype is reachable. */
export function methodTable<Self>(
  entries: Readonly<
    Record<string, readonly [string, (self: Self, ...args: readonly Value[]) => Value]>
  >,
): MethodTable<Self> {
  return new Map(
    Object.entries(entries).map(([name, [signature, run]]) => [
      name,
      {
        signature: signatureOf(signature.split(' ').filter((part) => part !== '')),
        run: (self: Self, args: readonly Value[]) => {
          spendOn(self);
          return run(self, ...args);
        },
      },
    ]),
  );
}

export function asText(value: Value, what = 'argument'): string {
  if (typeof value === 'string') return value;
  return raise('TypeError', `${what} must be str, not ${typeName(value)}`);
}

/** The text a filter splits in lines; Python asks the value for its method. */
export function asLines(value: Value): string {
  if (typeof value === 'string') return value;
  failUndefined(value);
  return raise('TypeError', `'${typeName(value)}' object has no attribute 'splitlines'`);
}

/** An int argument, or `fallback` when it is not given or None. */
export function asInt(value: Value, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (isInt(value)) return asNumber(value);
  return raise('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
}
