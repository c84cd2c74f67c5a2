import type { Node } from '../core/node.ts';
import { analysis } from './analysis.ts';
import { backtestBuilder } from './backtest-node.ts';
import { customBuilder } from './custom-materialization.ts';
import { exposure } from './exposure.ts';
import { externalBuilder } from './external-builder.ts';
import { functionBuilder, functionFile } from './function-node.ts';
import type { Builder, FileKind, YamlKind } from './node-kind.ts';
import { pythonModel } from './python-model.ts';
import { scoreBuilder } from './score-node.ts';
import { scriptModel, scriptModelBuilder } from './script-model.ts';
import { seed, seedBuilder } from './seed.ts';
import { metric, savedQuery, semanticModel } from './semantic-layer.ts';
import { singularTest } from './singular-test.ts';
import { snapshotBlocks, snapshotYaml } from './snapshot.ts';
import { snapshotBuilder } from './snapshot-builder.ts';
import { source } from './source.ts';
import { sqlModel, sqlModelBuilder } from './sql-model.ts';
import { trainBuilder } from './train-node.ts';
import { unitTest } from './unit-test.ts';
import { unsupportedBuilder } from './unsupported.ts';

/** The sorts of files that are nodes. */
export const fileKinds: readonly FileKind[] = [
  sqlModel,
  scriptModel,
  pythonModel,
  seed,
  snapshotBlocks,
  singularTest,
  analysis,
  functionFile,
];

/** The sorts of entries of YAML that are nodes. */
export const yamlKinds: readonly YamlKind[] = [
  source,
  snapshotYaml,
  exposure,
  unitTest,
  metric,
  semanticModel,
  savedQuery,
];

/** How nodes become rows. */
const builders: readonly Builder[] = [
  trainBuilder,
  scoreBuilder,
  backtestBuilder,
  customBuilder,
  externalBuilder,
  functionBuilder,
  sqlModelBuilder,
  scriptModelBuilder,
  seedBuilder,
  snapshotBuilder,
  unsupportedBuilder,
];

/** The builder of a node that is built by itself, which tests are not. */
export function builderOf(node: Node): Builder {
  const builder = builders.find((candidate) => candidate.claims(node));
  if (!builder) throw new Error(`nothing builds ${node.id}`);
  return builder;
}
