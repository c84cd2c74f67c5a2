import { ProjectError } from '../../core/errors.ts';
import type { InputWindow } from '../../core/length-of-time.ts';
import type { Reference } from '../../core/node.ts';
import { bindArguments, type Call, jinjaFunction, toText, type Value } from '../value.ts';
import { recordValue } from './record-value.ts';

/** A call that names a node: `ref('runs', v=2, history='30 days')`. */
export interface ReferenceCall {
  readonly kind: Reference['kind'];
  /** As in a {@link Reference}: a version is part of the name. */
  readonly path: readonly string[];
  /** `history='365 days'` or `history={'before': '365 days', 'after': '1 day'}`: how far around the range rows are seen. */
  readonly window: InputWindow | undefined;
  readonly call: Call;
}

const SIGNATURES: Readonly<Record<Reference['kind'], readonly string[]>> = {
  ref: ['name', 'more?', 'history?', 'version?', 'v?'],
  source: ['source', 'table', 'history?'],
  metric: ['name', 'more?'],
  function: ['name', 'more?'],
};

/** `ref`, `source`, `metric`, `function` and, for macros that stand in their place, `builtins`. */
export function referenceNames(
  answer: (reference: ReferenceCall) => Value,
  config: Value,
): Readonly<Record<string, Value>> {
  const lookup = (kind: Reference['kind']) =>
    jinjaFunction(kind, (call) => answer(referenceCall(kind, call)));
  const [ref, source] = [lookup('ref'), lookup('source')];
  return {
    ref,
    source,
    metric: lookup('metric'),
    function: lookup('function'),
    builtins: recordValue('builtins', { ref, source, config }),
  };
}

function referenceCall(kind: Reference['kind'], call: Call): ReferenceCall {
  const given = bindArguments(call, SIGNATURES[kind], kind);
  const names = (SIGNATURES[kind] ?? []).slice(0, 2).map((name) => given[name.replace('?', '')]);
  const path = names
    .filter((name) => name !== undefined && name !== null)
    .map(nameText(kind, call));
  const version = given['version'] ?? given['v'];
  const last = path.length - 1;
  const pinned =
    version === undefined || version === null
      ? path
      : path.map((name, index) => (index === last ? `${name}.v${toText(version)}` : name));
  return { kind, path: pinned, window: windowOf(given['history'], call), call };
}

function windowOf(history: Value, { span }: Call): InputWindow | undefined {
  if (history === undefined || history === null) return undefined;
  if (!(history instanceof Map)) return { before: toText(history) };
  for (const key of history.keys()) {
    if (key === 'before' || key === 'after') continue;
    throw new ProjectError('as-of-config', `history has no '${toText(key)}'`, {
      span,
      hint: "write history={'before': '365 days', 'after': '1 day'}",
    });
  }
  const length = (key: 'before' | 'after') =>
    history.has(key) ? { [key]: toText(history.get(key)) } : {};
  return { ...length('before'), ...length('after') };
}

const nameText =
  (kind: string, call: Call) =>
  (name: Value): string => {
    if (typeof name === 'string') return name;
    throw new ProjectError(
      'template-error',
      `${kind}() takes names as text, not ${toText(name) || 'an undefined value'}`,
      { span: call.span },
    );
  };
