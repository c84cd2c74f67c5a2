import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError, collect, type VeloError, VeloErrors } from '../core/errors.ts';
import { metricNames } from './objectives.ts';
import { type Parameter, parameterList } from './parameter-list.ts';
import { refusal } from './refused-parameters.ts';

/** A value as YAML or a template gives it; a mapping has a value for some of the features. */
export type ParameterValue =
  | string
  | number
  | boolean
  | readonly ParameterValue[]
  | { readonly [feature: string]: number };

export type Parameters = Readonly<Record<string, ParameterValue>>;

/** What each feature gets that a mapping does not name. */
const PER_FEATURE: Readonly<Record<string, number>> = {
  monotone_constraints: 0,
  feature_contri: 1,
  cegb_penalty_feature_lazy: 0,
  cegb_penalty_feature_coupled: 0,
};

/**
 * Checks parameters against LightGBM's own list and puts them under its own names, as it takes them. `features`: the columns' names in
 * order, to which constraints are translated.
 * @throws VeloErrors, each ConfigError 'unknown-config' for a name, 'invalid-config' for a value or two that exclude each other
 */
export function checkParameters(
  given: Parameters,
  features: readonly string[],
): ReadonlyMap<string, string> {
  const list = parameterList();
  const byName = new Map(
    list.flatMap((entry) => [entry.name, ...entry.aliases].map((name) => [name, entry] as const)),
  );
  const errors: VeloError[] = [];
  const checked = new Map<string, string>();
  const spelling = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    collect(errors, () => {
      const parameter = known(byName, name);
      const before = spelling.get(parameter.name);
      if (before !== undefined) throw invalid(`'${name}' and '${before}' are the same parameter`);
      spelling.set(parameter.name, name);
      checked.set(parameter.name, formatted(parameter, name, value, features));
    });
  }
  const conflict = conflictIn(checked);
  if (conflict !== undefined) errors.push(invalid(conflict));
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new VeloErrors(errors);
  return checked;
}

/** Whether a parameter, by any of its names, takes whole numbers only. */
export const isWholeParameter = (name: string): boolean =>
  parameterList().some(
    (entry) => entry.type === 'int' && [entry.name, ...entry.aliases].includes(name),
  );

/** As LightGBM takes them all at once. */
export function parameterText(parameters: ReadonlyMap<string, string>): string {
  return [...parameters].map(([name, value]) => `${name}=${value}`).join(' ');
}

function known(byName: ReadonlyMap<string, Parameter>, name: string): Parameter {
  const parameter = byName.get(name);
  if (parameter === undefined) {
    throw new ConfigError('unknown-config', `LightGBM has no parameter '${name}'`, {
      hint: didYouMean(name, byName.keys()),
    });
  }
  const why = refusal(parameter.name);
  if (why !== undefined) throw invalid(`params: '${name}' is not for here: ${why}`);
  return parameter;
}

function conflictIn(checked: ReadonlyMap<string, string>): string | undefined {
  const isOn = (name: string) => checked.get(name) === 'true';
  if (isOn('force_col_wise') && isOn('force_row_wise')) {
    return `'force_col_wise' and 'force_row_wise' exclude each other`;
  }
  if (isOn('is_unbalance') && checked.has('scale_pos_weight')) {
    return `'is_unbalance' and 'scale_pos_weight' exclude each other`;
  }
  return undefined;
}

function formatted(
  parameter: Parameter,
  name: string,
  value: ParameterValue,
  features: readonly string[],
): string {
  const otherwise = PER_FEATURE[parameter.name];
  if (otherwise !== undefined) return perFeature(name, value, features, otherwise);
  if (parameter.name === 'interaction_constraints') return featureSets(name, value, features);
  const values = Array.isArray(value) ? (value as readonly ParameterValue[]) : [value];
  if (Array.isArray(value) && !parameter.type.endsWith('s')) {
    throw invalid(`'${name}' is one value, not a list`);
  }
  return values.map((item) => formattedItem(parameter, name, item)).join(',');
}

const KINDS = {
  int: { words: 'a whole number', fits: (value: unknown) => Number.isSafeInteger(value) },
  number: { words: 'a number', fits: (value: unknown) => Number.isFinite(value) },
  boolean: { words: 'true or false', fits: (value: unknown) => typeof value === 'boolean' },
  text: {
    words: 'a text without spaces',
    fits: (value: unknown) => typeof value === 'string' && /^[^\s=]+$/.test(value),
  },
} as const;

function formattedItem(parameter: Parameter, name: string, value: ParameterValue): string {
  const kind = KINDS[parameter.type.replace(/s$/, '') as keyof typeof KINDS];
  if (!kind.fits(value)) {
    throw invalid(`'${name}' is ${kind.words}, not ${JSON.stringify(value)}`);
  }
  const bound = parameter.checks.find((check) => !keeps(value as number, check));
  if (bound !== undefined) throw invalid(`'${name}' must be ${bound}, not ${value}`);
  const options = parameter.name === 'metric' ? metricNames : parameter.options;
  if (options.length > 0 && !options.includes(String(value))) {
    const known = `known: ${options.join(', ')}`;
    throw invalid(`'${name}' cannot be '${value}'`, didYouMean(String(value), options) ?? known);
  }
  return String(value);
}

/** A bound as LightGBM writes it: `>=0.0`. */
function keeps(value: number, check: string): boolean {
  const [, operator, text] = /^([<>]=?)(.+)$/.exec(check) ?? [];
  const bound = Number(text);
  if (operator === '>') return value > bound;
  if (operator === '>=') return value >= bound;
  return operator === '<' ? value < bound : value <= bound;
}

function perFeature(
  name: string,
  value: ParameterValue,
  features: readonly string[],
  otherwise: number,
): string {
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalid(`'${name}' is a mapping of features to numbers: {column: 1}`);
  }
  const byFeature = value as Readonly<Record<string, number>>;
  for (const [feature, number] of Object.entries(byFeature)) {
    positionOf(name, feature, features);
    if (!Number.isFinite(number)) throw invalid(`'${name}' of '${feature}' is a number`);
  }
  return features.map((feature) => byFeature[feature] ?? otherwise).join(',');
}

function featureSets(name: string, value: ParameterValue, features: readonly string[]): string {
  const sets: unknown = value;
  if (!Array.isArray(sets) || !sets.every((set) => Array.isArray(set))) {
    throw invalid(`'${name}' is a list of lists of features: [[column, column], [column]]`);
  }
  return (sets as unknown[][])
    .map(
      (set) => `[${set.map((feature) => positionOf(name, String(feature), features)).join(',')}]`,
    )
    .join(',');
}

function positionOf(name: string, feature: string, features: readonly string[]): number {
  const position = features.indexOf(feature);
  if (position >= 0) return position;
  throw invalid(`'${name}' names '${feature}', which is no feature`, didYouMean(feature, features));
}

const invalid = (message: string, hint?: string): ConfigError =>
  new ConfigError('invalid-config', message, { hint });
