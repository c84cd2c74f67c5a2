import type { Reference } from '../core/node.ts';
import { metricConfig, savedQueryConfig } from './config-schemas.ts';
import type { YamlEntry, YamlKind } from './node-kind.ts';
import { metricValues, savedQueryValues, semanticModelValues } from './semantic-defaults.ts';
import { yamlNode } from './yaml-node.ts';
import { yamlReferences } from './yaml-references.ts';

type Values = Readonly<Record<string, unknown>>;

/*
 * The semantic layer's resources: velo checks their keys and keeps them in the manifest for the tools that read it;
 * it computes no metric itself.
 */

export const metric: YamlKind = {
  name: 'metric',
  section: 'metrics',
  trees: ['metrics'],
  parse: (entry, context) => [
    yamlNode('metric', entry, context, metricConfig, {
      references: metricInputs(entry),
      answersTo: [{ kind: 'metric', name: String(entry.value['name']) }],
      extra: metricValues(keptValues(entry.value)),
    }),
  ],
};

export const semanticModel: YamlKind = {
  name: 'semantic_model',
  section: 'semantic_models',
  trees: ['semantic-models'],
  parse(entry, context) {
    const model = String(entry.value['model']);
    return [
      yamlNode('semantic_model', entry, context, metricConfig.omit({ tags: true }), {
        references: yamlReferences(model, entry.spanOf(['model']), context),
        answersTo: measuresOf(entry.value).map((name) => ({
          kind: 'metric',
          name: `measure.${name}`,
        })),
        extra: semanticModelValues(keptValues(entry.value)),
      }),
    ];
  },
};

export const savedQuery: YamlKind = {
  name: 'saved_query',
  section: 'saved_queries',
  trees: ['saved-queries'],
  parse(entry, context) {
    const params = (entry.value['query_params'] ?? {}) as Values;
    const names = (params['metrics'] as readonly unknown[] | null | undefined) ?? [];
    const span = entry.spanOf(['query_params']);
    const references = names.map((name) => metricReference(String(name), span));
    return [
      yamlNode('saved_query', entry, context, savedQueryConfig, {
        references,
        extra: savedQueryValues(keptValues(entry.value)),
      }),
    ];
  },
};

const measuresOf = ({ measures }: Values): readonly string[] =>
  asList(measures).map((measure) => String((measure as Values)['name']));

const metricReference = (name: string, span: Reference['span']): Reference => ({
  kind: 'metric',
  path: [name],
  span,
});

/** The metrics a metric is made of, and the measures of semantic models, which dbt finds by name. */
function metricInputs(entry: YamlEntry): readonly Reference[] {
  const params = (entry.value['type_params'] ?? {}) as Values;
  const span = entry.spanOf(['type_params']);
  const nameOf = (value: unknown): string =>
    typeof value === 'string' ? value : String((value as Values)['name']);
  const listed = [params['numerator'], params['denominator'], ...asList(params['metrics'])];
  const metrics = listed.filter((one) => one !== undefined && one !== null);
  const measure = params['measure'];
  return [
    ...metrics.map((one) => metricReference(nameOf(one), span)),
    ...(measure ? [{ kind: 'metric' as const, path: [`measure.${nameOf(measure)}`], span }] : []),
  ];
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const keptValues = ({ name, description, config, ...rest }: Values): Values => rest;
