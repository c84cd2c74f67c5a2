import type { Span } from '../../core/span.ts';
import { isTruthy } from '../python/types.ts';
import { render } from '../render.ts';
import { parseTemplate } from '../template.ts';
import { type JinjaObject, toText, type Value } from '../value.ts';
import { adapterValue, type TemplateDialect } from './adapter-value.ts';
import { columnClass, type TypeNames } from './column-value.ts';
import { exceptionsValue } from './exceptions-value.ts';
import { modulesValue } from './modules/modules.ts';
import { recordValue, signedFunctions } from './record-value.ts';
import { relationClass } from './relation-value.ts';
import type { Replay } from './replay.ts';
import { statementResults } from './statement-results.ts';

/** What templates say to whoever runs velo. */
export interface TemplateVoice {
  /** `log(…, info=true)`: a line of the log that is shown. */
  log(message: string): void;
  /** `print(…)`: a line of its own on stdout. */
  print(message: string): void;
  warn(message: string, span: Span): void;
}

export interface RunScope {
  readonly dialect: TemplateDialect;
  readonly replay: Replay;
  readonly voice: TemplateVoice;
  /** Incremental strategies the adapter knows. */
  readonly strategies: readonly string[];
  /** `flags:` of the project file. */
  readonly behavior?: Readonly<Record<string, unknown>> | undefined;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * The names that ask the database or speak to the outside, for one attempt at rendering. What costs to make is made
 * when a template asks for it.
 */
export function runNames(scope: RunScope): Readonly<Record<string, Value>> {
  const { replay, voice, dialect } = scope;
  const lazy = lazily();
  const print = (text: string) => replay.once(() => voice.print(text));
  return {
    execute: true,
    get adapter() {
      return lazy('adapter', () => adapterValue({ ...scope, print }));
    },
    get api() {
      return lazy('api', () => apiValue(dialect.catalog));
    },
    get modules() {
      return lazy('modules', () => modulesValue(() => replay.remember(scope.now)));
    },
    get exceptions() {
      return lazy('exceptions', () =>
        exceptionsValue((message, span) => replay.once(() => voice.warn(message, span))),
      );
    },
    get store_result() {
      return lazy('results', statementResults)['store_result'];
    },
    get store_raw_result() {
      return lazy('results', statementResults)['store_raw_result'];
    },
    get load_result() {
      return lazy('results', statementResults)['load_result'];
    },
    get log() {
      return lazy('speech', () => speech(replay, voice))['log'];
    },
    get print() {
      return lazy('speech', () => speech(replay, voice))['print'];
    },
  };
}

/** Values by name, each made when it is first asked for. */
export function lazily() {
  const made = new Map<string, unknown>();
  return <T>(name: string, make: () => T): T => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as T;
  };
}

const speech = (replay: Replay, voice: TemplateVoice) =>
  signedFunctions({
    log: [
      'msg info?',
      ({ msg, info }) => {
        if (isTruthy(info ?? false)) replay.once(() => voice.log(toText(msg)));
        return '';
      },
    ],
    print: [
      'msg',
      ({ msg }) => {
        replay.once(() => voice.print(toText(msg)));
        return '';
      },
    ],
  });

/** `api`: the classes of relations and columns. */
export const apiValue = (types: TypeNames): JinjaObject =>
  recordValue('api', { Relation: relationClass, Column: columnClass(types) });

/** Functions over templates themselves, the same in every phase. */
export const TEMPLATE_FUNCTIONS: Readonly<Record<string, Value>> = signedFunctions({
  render: [
    'string',
    ({ string }, { span, context }) =>
      render(parseTemplate({ ...span, text: toText(string) }), context).text,
  ],
  // dbt keeps what a node runs under target/run; velo writes what it compiled.
  write: ['payload', () => ''],
});
