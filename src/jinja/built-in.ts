import { type Signature, signatureOf } from './python/signature.ts';
import type { Value } from './python/types.ts';
import { spendOn } from './python/work.ts';

/** A filter or test: `run` takes its arguments in the order of the signature, the value first. */
export interface BuiltIn {
  readonly name: string;
  readonly signature: Signature;
  readonly run: (args: readonly Value[]) => Value;
}

export type BuiltInEntries = Readonly<
  Record<string, readonly [string, (...args: readonly Value[]) => Value]>
>;

/** Built-ins from `name: ['value other? *rest', run]` entries; `prefix` is how messages name them. */
export function builtIns(entries: BuiltInEntries, prefix = ''): [string, BuiltIn][] {
  return Object.entries(entries).map(([name, [signature, run]]) => [
    name,
    {
      name: prefix + name,
      signature: signatureOf(signature.split(' ')),
      run: (args) => {
        spendOn(args[0]);
        return run(...args);
      },
    },
  ]);
}
