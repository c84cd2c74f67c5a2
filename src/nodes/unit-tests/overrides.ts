import type { ContextScope } from '../../jinja/contexts/base-context.ts';
import { jinjaFunction, toValue } from '../../jinja/value.ts';
import type { Overrides, StandIns } from '../stand-ins.ts';

type Values = Readonly<Record<string, unknown>>;

/** `overrides:` of a unit test as the manifest has it. */
export interface WrittenOverrides {
  readonly macros: Values;
  readonly vars: Values;
  readonly env_vars: Values;
}

/** What of a unit test's overrides a render must know. */
export function overridesOf(
  written: WrittenOverrides | null,
): Required<Pick<StandIns, 'scopeOf' | 'macros'>> {
  const { macros = {}, vars = {}, env_vars = {} } = written ?? {};
  return { macros: givenMacros(macros), scopeOf: (scope) => withValues(scope, vars, env_vars) };
}

/** Each gives its value whatever it is called with. */
const givenMacros = (macros: Values): Overrides =>
  new Map(
    Object.entries(macros).map(([name, value]) => [
      name,
      jinjaFunction(name, () => toValue(value)),
    ]),
  );

const withValues = (scope: ContextScope, vars: Values, variables: Values): ContextScope => ({
  ...scope,
  vars: { ...scope.vars, ...vars },
  readEnvironment: (name) =>
    Object.hasOwn(variables, name) ? String(variables[name]) : scope.readEnvironment(name),
});
