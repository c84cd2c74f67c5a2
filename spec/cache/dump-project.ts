import { join } from 'node:path';
import { loadProject } from '../../src/api/load-project.ts';
import { VeloError, VeloErrors } from '../../src/core/errors.ts';
import type { Node } from '../../src/core/node.ts';

/** Every field of a node: a node of the cache has them as getters. */
const FIELDS = [
  'id',
  'kind',
  'name',
  'packageName',
  'path',
  'span',
  'fqn',
  'description',
  'tags',
  'columns',
  'config',
  'references',
  'relation',
  'place',
  'materialized',
  'buildable',
  'storesRows',
  'updatesInPlace',
  'volatile',
  'fingerprint',
  'eventTime',
  'asOf',
  'check',
  'version',
  'alias',
  'unrenderedConfig',
  'docBlocks',
  'answersTo',
  'macros',
  'extra',
  'propertiesPath',
  'rawCode',
  'detail',
] as const satisfies readonly (keyof Node)[];

const plainNode = (node: Node) => Object.fromEntries(FIELDS.map((field) => [field, node[field]]));

export interface DumpOptions {
  readonly projectDir: string;
  /** Folder of the cache, relative to the project. */
  readonly targetPath: string;
  readonly vars?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly inline?: string | undefined;
}

/** All that is known of a project, as JSON, with its warnings; its faults when it has some. */
export async function dumpProject({ inline, ...options }: DumpOptions): Promise<unknown> {
  const warnings: string[] = [];
  try {
    const { manifest, graph } = await loadProject(
      {
        ...options,
        environment: { HOME: join(options.projectDir, 'home'), ...options.environment },
        now: () => 0,
        emit: (event) => event.type === 'warning' && warnings.push(event.message),
      },
      inline,
    );
    const value = {
      ...manifest,
      nodes: [...manifest.nodes.values()].map(plainNode),
      disabled: [...manifest.disabled.values()].map(plainNode),
      macros: manifest.macros,
      docs: manifest.docs,
      groups: manifest.groups,
      selectors: manifest.selectors,
      order: graph.order.map(({ id }) => [id, graph.parents(id), graph.children(id)]),
      gates: graph.order.map(({ id }) => graph.gateOf(id) ?? null),
      warnings,
    };
    return JSON.parse(JSON.stringify(value)) as unknown;
  } catch (error) {
    if (error instanceof VeloErrors) return error.errors.map(faultOf);
    if (error instanceof VeloError) return [faultOf(error)];
    throw error;
  }
}

const faultOf = ({ code, message, span, hint }: VeloError) => ({ code, message, span, hint });
