import { ProjectError } from '../../core/errors.ts';
import { bindArguments, type Call, toText } from '../value.ts';
import { type FoundMacro, findBare, findIn, INTERNAL, type MacroLibrary } from './macro-library.ts';

/** One place `adapter.dispatch` looks at; no package stands for the names a template sees. */
interface Place {
  readonly packageName: string | undefined;
  readonly name: string;
}

/** dbt's search: package by package, in each the adapter's variants and then the default. */
function* places(
  library: MacroLibrary,
  name: string,
  namespace: string | undefined,
): Generator<Place> {
  const prefixes = [...library.adapterTypes, 'default'];
  for (const packageName of searchOrder(library, namespace)) {
    for (const prefix of prefixes) yield { packageName, name: `${prefix}__${name}` };
  }
}

function searchOrder(
  { dispatch, rootPackage }: MacroLibrary,
  namespace: string | undefined,
): readonly (string | undefined)[] {
  if (namespace === undefined) return [undefined];
  const configured = dispatch.get(namespace);
  return configured ?? [...new Set([rootPackage, namespace])];
}

const lookAt = (
  library: MacroLibrary,
  { packageName, name }: Place,
  from: string,
): FoundMacro | undefined =>
  packageName === undefined ? findBare(library, from, name) : findIn(library, packageName, name);

/**
 * The macro `adapter.dispatch(name, namespace)` means in a template of `from`.
 * @throws ProjectError 'unknown-macro' with all that was searched
 */
export function dispatchMacro(
  library: MacroLibrary,
  name: string,
  namespace: string | undefined,
  from: string,
): FoundMacro {
  const searched: string[] = [];
  for (const place of places(library, name, namespace)) {
    const found = lookAt(library, place, from);
    if (found) return found;
    searched.push(`'${[place.packageName, place.name].filter((part) => part).join('.')}'`);
  }
  const within = namespace === undefined ? '' : ` within namespace: '${namespace}'`;
  throw new ProjectError(
    'unknown-macro',
    `In dispatch: No macro named '${name}' found${within}\nSearched for: ${searched.join(', ')}`,
  );
}

/** The macro such a call means with this library, if there is one: for fingerprints. */
export function findDispatched(
  library: MacroLibrary,
  name: string,
  namespace: string | undefined,
  from: string,
): FoundMacro | undefined {
  for (const place of places(library, name, namespace)) {
    const found = lookAt(library, place, from);
    if (found) return found;
  }
  return undefined;
}

/** An `adapter.dispatch` written with literal names. */
export interface DispatchCall {
  readonly name: string;
  readonly namespace: string | undefined;
}

const DISPATCH =
  /\badapter\s*\.\s*dispatch\s*\(\s*(?:macro_name\s*=\s*)?['"](\w+)['"]\s*(?:,\s*(?:macro_namespace\s*=\s*)?['"](\w+)['"])?/g;

/** The dispatch calls of a template's text. */
export const dispatchCalls = (text: string): DispatchCall[] =>
  [...text.matchAll(DISPATCH)].map(([, name = '', namespace]) => ({ name, namespace }));

/** What `adapter.dispatch(...)` asks for. @throws ProjectError 'macro-error' for a dotted name */
export function dispatchRequest(call: Call): DispatchCall {
  const given = bindArguments(call, ['macro_name', 'macro_namespace?'], 'adapter.dispatch');
  const name = toText(given['macro_name']);
  const namespace = given['macro_namespace'];
  if (name.includes('.')) {
    const [first, second] = name.split('.');
    throw new ProjectError(
      'macro-error',
      `In adapter.dispatch, got a macro name of "${name}", but "." is not a valid macro name component.`,
      { span: call.span, hint: `adapter.dispatch("${second}", macro_namespace="${first}")` },
    );
  }
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    throw new ProjectError(
      'macro-error',
      `In adapter.dispatch, macro_namespace must be a text, not ${toText(namespace)}`,
      { span: call.span, hint: `name one package: adapter.dispatch('${name}', '${INTERNAL}')` },
    );
  }
  return { name, namespace: namespace ?? undefined };
}
