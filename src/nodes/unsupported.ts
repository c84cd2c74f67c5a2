import { ProjectError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Builder } from './node-kind.ts';

/** Nodes that velo reads, lists and compiles, and cannot build: the step fails and says so. */
export const unsupportedBuilder: Builder = {
  claims: () => true,
  build(node) {
    throw new ProjectError('unsupported', `velo cannot build ${what(node)}`, {
      span: node.span,
      hint: hintFor(node),
    });
  },
};

const what = ({ kind, path, materialized }: Node): string =>
  path.endsWith('.py') ? 'models in Python' : `a ${kind} with materialized '${materialized}'`;

const hintFor = ({ path, name }: Node): string =>
  path.endsWith('.py')
    ? `write it in SQL or TypeScript (docs/guides/typescript-models.md), or leave it out: --exclude ${name}`
    : 'it is read, listed and compiled; leave it out with --exclude';
