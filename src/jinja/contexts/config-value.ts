import { ProjectError } from '../../core/errors.ts';
import {
  type Call,
  callFunction,
  type JinjaObject,
  toText,
  toValue,
  type Value,
} from '../value.ts';
import { signedFunctions } from './record-value.ts';

type Given = Readonly<Record<string, Value>>;

/** `config` once it is known: called it changes nothing, asked it tells. */
export function configValue(config: Readonly<Record<string, unknown>>): JinjaObject {
  const meta = (config['meta'] ?? {}) as Readonly<Record<string, unknown>>;
  const persist = (config['persist_docs'] ?? {}) as Readonly<Record<string, unknown>>;
  return configObject(
    () => undefined,
    signedFunctions({
      get: ['name default? validator?', (given, call) => read(config, given, call)],
      require: ['name validator?', (given, call) => needed(config, given, call, 'config')],
      meta_get: ['name default? validator?', (given, call) => read(meta, given, call)],
      meta_require: ['name validator?', (given, call) => needed(meta, given, call, 'meta config')],
      persist_relation_docs: ['', () => persist['relation'] === true],
      persist_column_docs: ['', () => persist['columns'] === true],
    }),
    (name) => (Object.hasOwn(config, name) ? toValue(config[name]) : undefined),
  );
}

/** `config` while a template is parsed: notes what it is called with, and tells nothing, as dbt's does. */
export function parsingConfig(onCall: (call: Call) => void): JinjaObject {
  return configObject(onCall, PARSING_METHODS, () => undefined);
}

const PARSING_METHODS = signedFunctions({
  get: ['name default? validator?', () => ''],
  require: ['name validator?', () => ''],
  meta_get: ['name default? validator?', () => ''],
  meta_require: ['name validator?', () => ''],
  persist_relation_docs: ['', () => false],
  persist_column_docs: ['', () => false],
});

function configObject(
  onCall: (call: Call) => void,
  methods: Readonly<Record<string, Value>>,
  setting: (name: string) => Value,
): JinjaObject {
  return {
    jinjaType: 'config',
    getAttribute: (name) => (Object.hasOwn(methods, name) ? methods[name] : undefined),
    getItem: (name) => (typeof name === 'string' ? setting(name) : undefined),
    toString: () => '',
    call(call) {
      onCall(call);
      return '';
    },
  };
}

const own = (values: Readonly<Record<string, unknown>>, key: string): Value =>
  Object.hasOwn(values, key) && values[key] !== undefined && values[key] !== null
    ? toValue(values[key])
    : undefined;

function read(values: Readonly<Record<string, unknown>>, given: Given, call: Call): Value {
  const found = own(values, toText(given['name']));
  if (found === undefined) return given['default'] ?? null;
  validate(found, given['validator'], call);
  return found;
}

function needed(
  values: Readonly<Record<string, unknown>>,
  given: Given,
  call: Call,
  what: string,
): Value {
  const name = toText(given['name']);
  const found = own(values, name);
  if (found === undefined) {
    throw new ProjectError('invalid-config', `${what} '${name}' is required here`, {
      span: call.span,
    });
  }
  validate(found, given['validator'], call);
  return found;
}

function validate(value: Value, validator: Value, call: Call): void {
  if (validator !== undefined && validator !== null) callFunction(validator, call, [value]);
}
