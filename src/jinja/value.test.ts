import { describe, expect, it } from 'vitest';
import { bindArguments, PyTuple, toPlain, toText, toValue } from './value.ts';

describe('bindArguments', () => {
  const bind = (args: unknown[], kwargs: Record<string, unknown>, ...signature: string[]) =>
    bindArguments({ args, kwargs: new Map(Object.entries(kwargs)) }, signature, 'f');

  it('binds by place and by name', () => {
    expect(bind([1], { b: 2 }, 'a', 'b?', 'c?')).toEqual({ a: 1, b: 2, c: undefined });
    expect(bind([1, 2, 3], { z: 4 }, 'a', '*rest', '**options')).toEqual({
      a: 1,
      rest: [2, 3],
      options: new Map([['z', 4]]),
    });
  });

  // The messages are those of CPython 3.11 for `def f(a, b=None): ...` and the like.
  it.each([
    [[], {}, ['a'], "f() missing 1 required positional argument: 'a'"],
    [[], {}, ['a', 'b'], "f() missing 2 required positional arguments: 'a' and 'b'"],
    [[], {}, ['a', 'b', 'c'], "f() missing 3 required positional arguments: 'a', 'b', and 'c'"],
    [[1, 2], {}, ['a'], 'f() takes 1 positional argument but 2 were given'],
    [[1, 2, 3], {}, ['a', 'b?'], 'f() takes from 1 to 2 positional arguments but 3 were given'],
    [[1], {}, [], 'f() takes 0 positional arguments but 1 was given'],
    [[1], { a: 2 }, ['a'], "f() got multiple values for argument 'a'"],
    [[1], { z: 2 }, ['a'], "f() got an unexpected keyword argument 'z'"],
  ])('%j %j %j', (args, kwargs, signature, message) => {
    expect(() => bind(args, kwargs, ...signature)).toThrow(message);
  });
});

describe('conversion', () => {
  it('goes there and back', () => {
    const data = { b: [1, 2.5, null, true, 'x'], a: { '10': 1, '2': 2 }, __proto_: {} };
    expect(toPlain(toValue(data))).toEqual(data);
  });

  it('keeps order, and keys that would be prototypes', () => {
    expect(toText(toValue(JSON.parse('{"b":1,"a":{"__proto__":2}}')))).toBe(
      "{'b': 1, 'a': {'__proto__': 2}}",
    );
    const plain = toPlain(new Map([['__proto__', 1]])) as object;
    expect(Object.keys(plain)).toEqual(['__proto__']);
    expect(toPlain(new PyTuple([1n, new Set(['a'])]))).toEqual([1n, ['a']]);
  });
});
