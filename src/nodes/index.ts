import type { Node } from '../core/node.ts';
import type { Builder, FileKind } from './node-kind.ts';
import { scriptModel, scriptModelBuilder } from './script-model.ts';
import { seed, seedBuilder } from './seed.ts';
import { singularTest } from './singular-test.ts';
import { sqlModel, sqlModelBuilder } from './sql-model.ts';

/** The sorts of files that are nodes. */
export const fileKinds: readonly FileKind[] = [sqlModel, scriptModel, seed, singularTest];

/** How nodes become rows. */
const builders: readonly Builder[] = [sqlModelBuilder, scriptModelBuilder, seedBuilder];

/** The builder of a node that is built by itself, which tests are not. */
export function builderOf(node: Node): Builder {
  const builder = builders.find((candidate) => candidate.claims(node));
  if (!builder) throw new Error(`nothing builds ${node.id}`);
  return builder;
}
