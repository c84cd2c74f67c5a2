import type { JinjaObject } from '../value.ts';
import { recordValue } from './record-value.ts';

/** `flags:` of the project file. */
export type Behavior = Readonly<Record<string, unknown>> | undefined;

/** `adapter.behavior.x`: whether the project asks for a behaviour; `.no_warn` is the same, as velo warns of none. */
export const behaviorValue = (behavior: Behavior = {}): JinjaObject => ({
  jinjaType: 'Behavior',
  getAttribute(name) {
    const isOn = Object.hasOwn(behavior, name) && behavior[name] === true;
    return recordValue('BehaviorFlag', { no_warn: isOn }, { isTruthy: () => isOn });
  },
  toString: () => '<Behavior>',
});
