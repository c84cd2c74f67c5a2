import type { Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { baseNode, codeConfigLayers, targetPlace } from './base-node.ts';
import { codeFacts } from './code-fingerprint.ts';
import { codeConfig } from './config-schemas.ts';
import { fileChecksum } from './file-checksum.ts';
import type { ParseContext } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';

/** A statement of on-run-start or on-run-end. */
export interface RunHook {
  readonly when: 'on-run-start' | 'on-run-end';
  readonly index: number;
  readonly sql: string;
  readonly span: Span;
  /** Name of the project file, `dbt_project.yml`, and its text. */
  readonly projectFile: string;
  readonly projectText: string;
}

/** The node of a hook around the whole run. @throws ProjectError */
export function operationNode(hook: RunHook, context: ParseContext): Node {
  const { when, index, sql, span } = hook;
  const name = `${context.packageName}-${when}-${index}`;
  const fqn = [context.packageName, 'hooks', name];
  const parsed = parseTemplateNode({ ...span, text: sql }, context);
  const layers = codeConfigLayers(context, fqn, undefined, parsed.configs);
  const { config, unrendered } = resolveConfig(codeConfig, layers, context.unknownConfig);
  const code = { text: sql, rendered: parsed.rendered, names: parsed.template.names };
  const node = baseNode({
    kind: 'operation',
    name,
    path: `hooks/${name}.sql`,
    span,
    fqn,
    context,
    described: { description: '', docBlocks: [] },
    config,
    unrendered,
    references: parsed.references,
    rawCode: sql,
    extra: {
      index,
      original_file_path: `./${hook.projectFile}`,
      path: `hooks/${name}.sql`,
      checksum: fileChecksum(hook.projectText),
      ...targetPlace(context),
    },
    ...codeFacts(code, {}, context),
  });
  return { ...node, alias: name, tags: [when], detail: { when, index } };
}

/** Whether a node is a hook around the run, of `when` if it is given. */
export const isHook = ({ kind, detail }: Node, when?: RunHook['when']): boolean =>
  kind === 'operation' && (when === undefined || (detail as Pick<RunHook, 'when'>).when === when);
