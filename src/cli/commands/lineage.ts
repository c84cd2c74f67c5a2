import { type LineageColumn, lineage } from '../../api/lineage.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Manifest } from '../../core/node.ts';
import type { Style } from '../terminal/style.ts';
import type { CommandModule } from './command.ts';
import { apiOptions } from './options.ts';
import { printEvents } from './print-events.ts';

/** Prints where a column comes from, or what is made of it. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context, args } = invocation;
  const [column] = args;
  if (column === undefined) {
    throw new ConfigError('usage', 'velo lineage needs a column', {
      hint: 'velo lineage training_dataset.sr_90d',
    });
  }
  const found = await lineage({
    ...apiOptions(invocation, printEvents(invocation)),
    column,
    downstream: options['downstream'] === true,
    rows: options['rows'] === true,
  });
  const { style } = context.display(options);
  const text =
    options['output'] === 'json'
      ? JSON.stringify(found.columns, null, 2)
      : found.columns.map((one) => tree(one, found.manifest, style).join('\n')).join('\n');
  context.stdout.write(`${text}\n`);
  return 0;
};

function tree(column: LineageColumn, manifest: Manifest, style: Style, indent = ''): string[] {
  const { ways } = column;
  const lines = ways.flatMap((way, i) => {
    const isLast = i === ways.length - 1;
    const [first = '', ...rest] = tree(way, manifest, style, '');
    return [
      `${style.dim(isLast ? '└─ ' : '├─ ')}${first}`,
      ...rest.map((line) => `${style.dim(isLast ? '   ' : '│  ')}${line}`),
    ];
  });
  return [`${indent}${label(column, manifest, style)}`, ...lines];
}

function label(column: LineageColumn, { nodes }: Manifest, style: Style): string {
  const { node, role, isOpaque, isShown } = column;
  const found = nodes.get(node);
  const name = found?.kind === 'source' ? node.split('.').slice(2).join('.') : found?.name;
  const notes = [
    ...(role === 'rows' ? ['decides rows'] : []),
    ...(isOpaque ? ['cannot be followed: not plain SQL'] : []),
    ...(isShown ? ['see above'] : []),
  ];
  const note = notes.length > 0 ? style.dim(`  (${notes.join(', ')})`) : '';
  return `${name ?? node}.${style.bold(column.column)}${note}`;
}
