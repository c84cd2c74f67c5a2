import { type CompiledNode, compile } from '../../api/compile.ts';
import { plural } from '../terminal/number.ts';
import type { CommandModule } from './command.ts';
import { apiOptions, compileRange, partOptions, selectOptions, texts } from './options.ts';
import { isQuiet, printLog } from './print-events.ts';

/** Writes target/compiled; prints the SQL of an inline query or of the nodes that were named, as dbt does. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const inline = options['inline'] as string | undefined;
  const compiled = await compile({
    ...apiOptions(invocation, printLog(invocation)),
    ...selectOptions(invocation),
    ...compileRange(invocation),
    ...partOptions(invocation),
    inline,
    introspect: options['introspect'] !== false,
  });
  const shown =
    inline === undefined
      ? namedNodes(compiled, [
          ...texts(options['select']),
          ...texts(options['models']),
          ...texts(options['model']),
        ])
      : compiled;
  const text = options['output'] === 'json' ? jsonText : plainText;
  const print = { isInline: inline !== undefined, isQuiet: isQuiet(invocation) };
  context.stdout.write(shown.map((one) => `${text(one, print)}\n`).join(''));
  if (shown.length === 0 && !print.isQuiet) {
    context.stderr.write(`Compiled ${plural(compiled.length, 'node')}\n`);
  }
  return 0;
};

interface Print {
  readonly isInline: boolean;
  readonly isQuiet: boolean;
}

/** dbt prints those whose names stand in the first selector. */
function namedNodes(compiled: readonly CompiledNode[], [first = '']: readonly string[]) {
  return compiled.filter(({ node }) => first.includes(node.name));
}

function plainText({ node, sql }: CompiledNode, { isInline, isQuiet: bare }: Print): string {
  if (bare) return sql;
  return `Compiled ${isInline ? 'inline node' : `node '${node.name}'`} is:\n${sql}`;
}

const jsonText = ({ node, sql }: CompiledNode, { isInline }: Print): string =>
  JSON.stringify({ ...(isInline ? {} : { node: node.name }), compiled: sql }, null, 2);
