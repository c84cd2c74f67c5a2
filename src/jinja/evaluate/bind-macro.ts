import type { Context } from '../context.ts';
import type { MacroNode } from '../nodes.ts';
import { JinjaFunction } from '../python/types.ts';
import { callMacro } from './macros.ts';
import { toExec } from './statements.ts';

/** A macro of a project: it sees `context` and nothing of the file it stands in. */
export function bindMacro(node: MacroNode, file: string, context: Context): JinjaFunction {
  return new JinjaFunction(node.name, (call) =>
    callMacro(node, file, { parent: undefined, context }, call, toExec),
  );
}
