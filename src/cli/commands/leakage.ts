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
  for (const f of result.findings) context.stdout.write(`${f.model.name} ${new Date(f.day).toISOString().slice(0,10)} ${f.change} ${JSON.stringify(f.difference.dates)} ${JSON.stringify(f.difference.columns)} ${JSON.stringify(f.difference.examples[0])}\n`);
  return result.findings.length > 0 ? 1 : 0;
};
