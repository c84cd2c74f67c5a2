import { list } from '../../api/list.ts';
import type { Node } from '../../core/node.ts';
import type { CommandModule } from './command.ts';
import { apiOptions, selectOptions } from './options.ts';
import { printEvents } from './print-events.ts';

const FORMATS: Readonly<Record<string, (node: Node) => string>> = {
  selector: (node) =>
    node.kind === 'source'
      ? `source:${node.fqn[0]}.${node.fqn.slice(-2).join('.')}`
      : node.fqn.join('.'),
  name: (node) => node.name,
  path: (node) => node.path,
  json: (node) =>
    JSON.stringify({
      name: node.name,
      resource_type: node.kind,
      package_name: node.packageName,
      original_file_path: node.path,
      unique_id: node.id,
      tags: node.tags,
      config: node.config,
    }),
};

/** Lists the selected nodes, one a line. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const nodes = await list({
    ...apiOptions(invocation, printEvents(context)),
    ...selectOptions(invocation),
    resourceType: options['resourceType'] as string | undefined,
  });
  const format = FORMATS[String(options['output'] ?? 'selector')] ?? ((node) => node.name);
  context.stdout.write(nodes.map((node) => `${format(node)}\n`).join(''));
  return 0;
};
