import { raise } from './error.ts';
import type { Value } from './types.ts';

export interface Signature {
  /** Names without their marks, in order; values are bound in this order. */
  readonly keys: readonly string[];
  readonly positional: readonly string[];
  readonly required: number;
  readonly takesRest: boolean;
  readonly takesNamed: boolean;
}

const NO_NAMED: ReadonlyMap<string, Value> = new Map();

/** Reads `'name'`, `'optional?'`, `'*args'`, `'**kwargs'`, in this order. */
export function signatureOf(names: readonly string[]): Signature {
  const plain = names.filter((name) => !name.startsWith('*'));
  return {
    keys: names.map((name) => name.replace(/^\*+|\?$/g, '')),
    positional: plain.map((name) => name.replace(/\?$/, '')),
    required: plain.filter((name) => !name.endsWith('?')).length,
    takesRest: names.some((name) => /^\*[^*]/.test(name)),
    takesNamed: names.some((name) => name.startsWith('**')),
  };
}

/** Values in the order of `signature.keys`; undefined for what is not passed. */
export function bind(
  signature: Signature,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value> = NO_NAMED,
  functionName = 'function',
): Value[] {
  const { positional } = signature;
  if (args.length > positional.length && !signature.takesRest) {
    failTooMany(signature, args.length, functionName);
  }
  const values: Value[] = args.slice(0, positional.length);
  while (values.length < positional.length) values.push(undefined);
  const extra = kwargs.size > 0 ? bindNamed(signature, values, kwargs, functionName) : NO_NAMED;
  checkRequired(signature, values, functionName);
  if (signature.takesRest) values.push(args.slice(positional.length));
  if (signature.takesNamed) values.push(new Map(extra));
  return values;
}

function bindNamed(
  signature: Signature,
  values: Value[],
  kwargs: ReadonlyMap<string, Value>,
  functionName: string,
): ReadonlyMap<string, Value> {
  const extra = new Map<string, Value>();
  for (const [name, value] of kwargs) {
    const index = signature.positional.indexOf(name);
    if (index < 0) {
      extra.set(name, value);
      continue;
    }
    if (values[index] !== undefined) {
      raise('TypeError', `${functionName}() got multiple values for argument '${name}'`);
    }
    values[index] = value;
  }
  const [first] = extra.keys();
  if (first !== undefined && !signature.takesNamed) {
    raise('TypeError', `${functionName}() got an unexpected keyword argument '${first}'`);
  }
  return extra;
}

function checkRequired(signature: Signature, values: readonly Value[], functionName: string): void {
  for (let index = 0; index < signature.required; index += 1) {
    if (values[index] === undefined) failMissing(signature, values, functionName);
  }
}

function failMissing(signature: Signature, values: readonly Value[], functionName: string): never {
  const missing = signature.positional
    .slice(0, signature.required)
    .filter((_name, index) => values[index] === undefined);
  const quoted = missing.map((name) => `'${name}'`);
  const last = quoted.pop();
  const list =
    quoted.length === 0 ? last : `${quoted.join(', ')}${quoted.length > 1 ? ',' : ''} and ${last}`;
  const noun = missing.length === 1 ? 'argument' : 'arguments';
  raise(
    'TypeError',
    `${functionName}() missing ${missing.length} required positional ${noun}: ${list}`,
  );
}

function failTooMany(signature: Signature, given: number, functionName: string): never {
  const most = signature.positional.length;
  const takes = signature.required === most ? `${most}` : `from ${signature.required} to ${most}`;
  const noun = takes === '1' ? 'argument' : 'arguments';
  const verb = given === 1 ? 'was' : 'were';
  raise(
    'TypeError',
    `${functionName}() takes ${takes} positional ${noun} but ${given} ${verb} given`,
  );
}
