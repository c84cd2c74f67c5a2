import { environmentOption } from '../../api/environment.ts';
import type { Emit } from '../../core/events.ts';
import { foundLine } from '../reporters/run-stats.ts';
import { warningText } from '../reporters/warning-text.ts';
import { PLAIN } from '../terminal/style.ts';
import type { Invocation } from './command.ts';

/** For commands whose output is their answer: warnings go to the other stream. */
export function printEvents(invocation: Invocation): Emit {
  const { stderr } = invocation.context;
  if (isQuiet(invocation)) return () => {};
  return (event) => {
    if (event.type === 'warning') stderr.write(`${warningText(event, PLAIN)}\n`);
    if (event.type === 'message') stderr.write(`${event.message}\n`);
  };
}

/** {@link printEvents}, and what was found in the project, as dbt tells before it answers. */
export function printLog(invocation: Invocation): Emit {
  const print = printEvents(invocation);
  if (isQuiet(invocation)) return print;
  const { stderr } = invocation.context;
  return (event) => {
    if (event.type === 'project-read') stderr.write(`${foundLine(event.manifest)}\n`);
    print(event);
  };
}

/** Whether nothing but the answer and errors is to be printed. */
export function isQuiet({ options, context }: Invocation): boolean {
  if (options['quiet'] === true) return true;
  const set = environmentOption(context.environment, 'QUIET');
  return set !== undefined && !['0', 'false', 'no', 'off', 'f', 'n'].includes(set.toLowerCase());
}
