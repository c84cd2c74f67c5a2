import { ProjectError } from '../../core/errors.ts';
import {
  type Call,
  callFunction,
  type JinjaObject,
  toText,
  toValue,
  type Value,
} from '../value.ts';
import { signedFunction, signedFunctions } from './record-value.ts';

type Given = Readonly<Record<string, Value>>;

type Settings = Readonly<Record<string, unknown>>;
type Method = readonly [string, (config: Settings, given: Given, call: Call) => Value];

const part = (config: Settings, name: string): Settings => (config[name] ?? {}) as Settings;

const METHODS: Readonly<Record<string, Method>> = {
  get: ['name default? validator?', read],
  require: ['name validator?', (config, given, call) => needed(config, given, call, 'config')],
  meta_get: [
    'name default? validator?',
    (config, given, call) => read(part(config, 'meta'), given, call),
  ],
  meta_require: [
    'name validator?',
    (config, given, call) => needed(part(config, 'meta'), given, call, 'meta config'),
  ],
  // Settings are read while a project is parsed: afterwards this changes nothing, as calling config does.
  set: ['name value', () => ''],
  persist_relation_docs: ['', (config) => part(config, 'persist_docs')['relation'] === true],
  persist_column_docs: ['', (config) => part(config, 'persist_docs')['columns'] === true],
};

const isMethod = (name: string): boolean => Object.hasOwn(METHODS, name);

/** `config` once it is known: called it changes nothing, asked it tells. */
export const configValue = (config: Settings): JinjaObject => ({
  jinjaType: 'config',
  getAttribute(name) {
    const method = isMethod(name) ? METHODS[name] : undefined;
    return (
      method && signedFunction(name, method[0], (given, call) => method[1](config, given, call))
    );
  },
  getItem: (name) =>
    typeof name === 'string' && Object.hasOwn(config, name) ? toValue(config[name]) : undefined,
  toString: () => '',
  call: () => '',
});

/** `config` while a template is parsed: notes what it is called with, and tells nothing, as dbt's does. */
export const parsingConfig = (onCall: (call: Call) => void): JinjaObject => {
  const set = signedFunction('set', 'name value', ({ name, value }, call) => {
    onCall({ ...call, args: [], kwargs: new Map([[toText(name), value]]) });
    return '';
  });
  return {
    jinjaType: 'config',
    getAttribute: (name) => (name === 'set' ? set : isMethod(name) ? PARSING[name] : undefined),
    toString: () => '',
    call(call) {
      onCall(call);
      return '';
    },
  };
};

const PARSING: Readonly<Record<string, Value>> = signedFunctions(
  Object.fromEntries(
    Object.entries(METHODS).map(([name, [signature]]) => [
      name,
      [signature, () => (name.startsWith('persist') ? false : '')] as const,
    ]),
  ),
);

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
