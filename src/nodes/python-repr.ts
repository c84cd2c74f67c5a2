import { toRepr, toValue } from '../jinja/value.ts';

/** A plain value as Python prints it: `{'a': [1, True, None]}`. */
export const pythonRepr = (value: unknown): string => toRepr(toValue(value));

/** One of Python's data classes: `Name(key=value, …)`; values are texts already. */
export const dataClassRepr = (
  name: string,
  fields: readonly (readonly [key: string, text: string])[],
): string => `${name}(${fields.map(([key, text]) => `${key}=${text}`).join(', ')})`;

/** A member of a Python enum of texts: `<Color.RED: 'red'>`. */
export const enumRepr = (name: string, member: string, value: string): string =>
  `<${name}.${member}: '${value}'>`;

export const listRepr = (items: readonly string[]): string => `[${items.join(', ')}]`;
