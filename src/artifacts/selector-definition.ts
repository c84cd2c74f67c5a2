type Mapping = Readonly<Record<string, unknown>>;

const SETS: readonly string[] = ['union', 'intersection', 'exclude'];

const CRITERION =
  /^(?<at>@?)(?<parents>(?<up>\d*)\+)?(?:(?<method>[\w.]+):)?(?<value>.*?)(?<children>\+(?<down>\d*))?$/s;

/** A definition of selectors.yml in the one form dbt's manifest has for all of them: method and value, or sets of such. */
export function selectorDefinition(definition: unknown): Mapping {
  if (typeof definition !== 'object' || definition === null) return criterion(String(definition));
  const entries = Object.entries(definition).filter(([, value]) => value !== null);
  const [first, ...others] = entries;
  const isShort = first && others.length === 0 && !SETS.includes(first[0]);
  if (isShort) return { method: first[0], value: first[1] };
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      SETS.includes(key) && Array.isArray(value) ? value.map(selectorDefinition) : value,
    ]),
  );
}

/** The command line's form: `2+tag:nightly`. */
function criterion(text: string): Mapping {
  const groups = CRITERION.exec(text)?.groups ?? {};
  const { at, parents, up, method, value = '', children, down } = groups;
  return {
    method: method ?? defaultMethod(value),
    value,
    ...(at ? { childrens_parents: true } : {}),
    ...(parents ? { parents: true } : {}),
    ...(up ? { parents_depth: Number(up) } : {}),
    ...(children ? { children: true } : {}),
    ...(down ? { children_depth: Number(down) } : {}),
  };
}

function defaultMethod(value: string): string {
  if (value.includes('/')) return 'path';
  return /\.(sql|py|ts|csv)$/i.test(value) ? 'file' : 'fqn';
}
