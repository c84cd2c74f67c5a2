import { leakage } from '../../api/leakage.ts';
import type { CommandModule } from './command.ts';
import { apiOptions, rangeOptions, selectOptions } from './options.ts';
import { printEvents } from './print-events.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const result = await leakage({
    ...apiOptions(invocation, printEvents(invocation)),
    ...selectOptions(invocation),
    asOf: rangeOptions(invocation).asOf,
    dates: options['dates'] === undefined ? undefined : options['dates']==='all' ? 'all' : Number(options['dates']),
  });
  const show = (p: any) => p?.map((s: any) => `${s.node}.${s.column} ${s.role} ${s.places.map((x: any) => x.file+':'+x.line)}`).join('\n    ');
  for (const f of result.leaks) context.stdout.write(`LEAK ${f.model.name} ${f.columns} ${f.findings.length}\n    ${show(f.path)}\n`);
  for (const f of result.unsteady) context.stdout.write(`UNSTEADY ${f.model.name}\n`);
  for (const f of result.suspicions) context.stdout.write(`SUSPICION ${f.model.name}.${f.column}\n    ${show(f.path)}\n`);
  context.stdout.write(`opaque ${result.opaque.map((x) => x.name)}\n`);
  return result.leaks.length > 0 ? 1 : 0;
};
