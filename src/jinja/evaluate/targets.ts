import type { Target } from '../nodes.ts';
import { failUndefined, toIterable } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { Namespace, type Value } from '../python/types.ts';
import { lookup } from './expressions.ts';
import type { Frame } from './frame.ts';

/** Assigns to names of the innermost scope, or to attributes of a namespace. */
export function assign(target: Target, value: Value, frame: Frame): void {
  if (target.kind === 'name') frame.variables.set(target.name, value);
  else if (target.kind === 'namespace')
    assignAttribute(target.name, target.attribute, value, frame);
  else assignItems(target.targets, value, frame);
}

function assignAttribute(name: string, attribute: string, value: Value, frame: Frame): void {
  const namespace = lookup(frame, name);
  if (!(namespace instanceof Namespace)) {
    raise('TemplateRuntimeError', 'cannot assign attribute on non-namespace object');
  }
  namespace.attributes.set(attribute, value);
}

function assignItems(targets: readonly Target[], value: Value, frame: Frame): void {
  failUndefined(value);
  const items = Array.from(toIterable(value, 'cannot unpack non-iterable')) as readonly Value[];
  if (items.length > targets.length) {
    raise('ValueError', `too many values to unpack (expected ${targets.length})`);
  }
  if (items.length < targets.length) {
    raise(
      'ValueError',
      `not enough values to unpack (expected ${targets.length}, got ${items.length})`,
    );
  }
  for (const [index, target] of targets.entries()) assign(target, items[index], frame);
}
