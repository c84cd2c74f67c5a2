import type { Reference } from '../../core/node.ts';
import type { Span } from '../../core/span.ts';
import type { Call, Value } from '../value.ts';
import { bindArguments, jinjaFunction, toPlain, toText } from '../value.ts';
import { configValue } from './config-value.ts';
import { relationValue } from './relation-value.ts';

/** One `config(...)` call: plain values, and where each was written. */
export interface ConfigCall {
  readonly values: Readonly<Record<string, unknown>>;
  spanOf(key: string): Span;
}

/** What a template said while it was parsed. */
export interface Captured {
  readonly configs: ConfigCall[];
  readonly references: Reference[];
}

/**
 * The names of the parse phase: they note config, refs and sources, and print stand-ins.
 * The stand-ins do not depend on target or date, so that the text can serve as a fingerprint.
 */
export function parseNames(captured: Captured): Readonly<Record<string, Value>> {
  const note = (kind: Reference['kind']) => (call: Call) => {
    const path = call.args.map(toText);
    captured.references.push({ kind, path, span: call.span });
    const options = [...call.kwargs].map(([key, value]) => `${key}=${toText(value)}`);
    const text = `<${[kind, ...path, ...options].join(' ')}>`;
    return relationValue({ schema: '', name: path.at(-1) ?? '' }, text);
  };
  return {
    execute: false,
    config: configValue({}, (call) => captured.configs.push(configCall(call))),
    ref: jinjaFunction('ref', (call) => {
      bindArguments(call, ['name', 'more?', '**kwargs'], 'ref');
      return note('ref')(call);
    }),
    source: jinjaFunction('source', (call) => {
      bindArguments(call, ['source', 'table', '**kwargs'], 'source');
      return note('source')(call);
    }),
    this: relationValue({ schema: '', name: 'this' }, '<this>'),
    is_incremental: jinjaFunction('is_incremental', () => false),
    as_of: asOfValue('<as_of.start>', '<as_of.end>'),
  };
}

/** `as_of.start` and `as_of.end`: the ends of the half-open range being built, as SQL literals. */
export function asOfValue(start: string, end: string): Value {
  return { jinjaType: 'as_of', getAttribute: (name: string) => ({ start, end })[name] };
}

function configCall(call: Call): ConfigCall {
  // config({...}) is config(...) with the dict's entries
  const dict = call.args[0] instanceof Map ? call.args[0] : new Map<string, Value>();
  const entries = [...dict, ...call.kwargs].map(([key, value]) => [key, toPlain(value)]);
  return { values: Object.fromEntries(entries), spanOf: call.kwargSpan };
}
