import { ProjectError } from '../../core/errors.ts';
import {
  bindArguments,
  type Call,
  type JinjaObject,
  jinjaFunction,
  toText,
  toValue,
  type Value,
} from '../value.ts';

/** `config`: called it notes settings, asked it tells them (`config.get`, `config.require`). */
export function configValue(
  config: Readonly<Record<string, unknown>>,
  onCall: (call: Call) => void,
): JinjaObject {
  const read = (key: string): Value =>
    Object.hasOwn(config, key) ? toValue(config[key]) : undefined;
  const methods: Readonly<Record<string, Value>> = {
    get: jinjaFunction('config.get', (call) => {
      const given = bindArguments(call, ['name', 'default?', 'validator?'], 'config.get');
      return read(toText(given['name'])) ?? given['default'] ?? null;
    }),
    require: jinjaFunction('config.require', (call) => {
      const { name } = bindArguments(call, ['name', 'validator?'], 'config.require');
      const value = read(toText(name));
      if (value !== undefined && value !== null) return value;
      throw new ProjectError('invalid-config', `config '${toText(name)}' is required here`, {
        span: call.span,
      });
    }),
  };
  return {
    jinjaType: 'config',
    getAttribute: (name) => (Object.hasOwn(methods, name) ? methods[name] : undefined),
    toString: () => '',
    call(call) {
      onCall(call);
      return '';
    },
  };
}
