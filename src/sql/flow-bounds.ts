import { boundFlows, type Flows, type TimeBound } from './flow.ts';
import { conjuncts, orderedBy } from './instants.ts';
import type { Binding } from './names.ts';
import type { Expression } from './tree.ts';

/** What stands in FROM, with the tables it was made from and the columns that tell its rows apart. */
export interface FlowBinding extends Binding<Flows> {
  readonly tables: ReadonlySet<string>;
  readonly key: ReadonlySet<string> | undefined;
}

/** A bound and the relation whose rows it limits. */
export interface BoundOn {
  readonly on: FlowBinding;
  readonly bound: TimeBound;
}

/** The bounds a condition sets on relations; `leaves`: the source columns of an expression, as `table.column`. */
export function boundsOn(
  bindings: readonly FlowBinding[],
  condition: Expression | undefined,
  leaves: (expression: Expression) => readonly string[],
): readonly BoundOn[] {
  return conjuncts(condition).flatMap((part) => {
    const order = orderedBy(part);
    if (!order || typeof order.earlier === 'number') return [];
    const { earlier, later, slack, isStrict, at } = order;
    const on = bindingOf(earlier, bindings);
    if (!on) return [];
    const bound: TimeBound = {
      kind: 'compare',
      columns: leaves(earlier),
      against: {
        columns: typeof later === 'number' ? [] : leaves(later),
        instantMs: typeof later === 'number' ? later + slack.ms : undefined,
      },
      isStrict: isStrict ? slack.ms <= 0 : slack.ms < 0,
      slackMs: typeof later === 'number' ? 0 : slack.ms,
      at,
    };
    return [{ on, bound }];
  });
}

/** The relation of FROM a column stands in. */
function bindingOf(
  expression: Expression,
  bindings: readonly FlowBinding[],
): FlowBinding | undefined {
  if (expression.kind !== 'column') return undefined;
  const [first = '', second] = expression.path.map((part) => part.toLowerCase());
  if (second !== undefined) return bindings.find(({ name }) => name === first);
  const named = bindings.find(({ columns }) => columns.has(first));
  return named ?? bindings.find(({ open }) => open);
}

/** The relations after the bounds that were set on them. */
export const applyBounds = (
  bindings: readonly FlowBinding[],
  bounds: readonly BoundOn[],
): readonly FlowBinding[] =>
  bindings.map((binding) => {
    const own = bounds.filter(({ on }) => on === binding).map(({ bound }) => bound);
    if (own.length === 0) return binding;
    const limit = (flows: Flows) => own.reduce(boundFlows, flows);
    const columns = new Map([...binding.columns].map(([name, flows]) => [name, limit(flows)]));
    const { open } = binding;
    return { ...binding, columns, open: open && ((name: string) => limit(open(name))) };
  });
