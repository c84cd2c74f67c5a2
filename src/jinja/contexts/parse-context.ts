import type { Reference } from '../../core/node.ts';
import type { Span } from '../../core/span.ts';
import { type Call, jinjaFunction, toPlain, toText, type Value } from '../value.ts';
import { parsingConfig } from './config-value.ts';
import { referenceNames } from './reference-names.ts';
import { asRelation, relationValue } from './relation-value.ts';

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
  const config = parsingConfig((call) => captured.configs.push(configCall(call)));
  return {
    execute: false,
    config,
    ...referenceNames(({ kind, path, window, call }) => {
      captured.references.push({
        kind,
        path,
        span: call.span,
        ...(window ? { windows: [window] } : {}),
      });
      const options = [...call.kwargs].map(([key, value]) => `${key}=${toText(value)}`);
      const text = `<${[kind, ...call.args.map(toText), ...options].join(' ')}>`;
      return relationValue({ schema: '', name: path.at(-1) ?? '' }, text);
    }, config),
    ...STAND_INS,
  };
}

/** `as_of.start` and `as_of.end`: the ends of the half-open range being built, as SQL literals. */
export function asOfValue(start: string, end: string): Value {
  const ends = new Map([
    ['start', start],
    ['end', end],
  ]);
  return { jinjaType: 'as_of', getAttribute: (name: string) => ends.get(name) };
}

const STAND_INS: Readonly<Record<string, Value>> = {
  this: relationValue({ schema: '', name: 'this' }, '<this>'),
  is_incremental: jinjaFunction('is_incremental', () => false),
  as_of: asOfValue('<as_of.start>', '<as_of.end>'),
};

function configCall(call: Call): ConfigCall {
  // config({...}) is config(...) with the dict's entries
  const dict = call.args[0] instanceof Map ? call.args[0] : new Map<string, Value>();
  const entries = [...dict, ...call.kwargs].map(([key, value]) => [key, settingOf(value)]);
  return { values: Object.fromEntries(entries), spanOf: call.kwargSpan };
}

/** `model=ref('win_model')` is the name it refers to; the ref itself is noted as a reference. */
const settingOf = (value: Value): unknown => asRelation(value)?.relation.name ?? toPlain(value);
