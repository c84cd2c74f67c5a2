import type { Emit } from '../../core/events.ts';
import type { CliContext } from '../cli-context.ts';

/** For commands whose output is their answer: warnings go to the other stream. */
export function printEvents({ stdout, stderr }: CliContext): Emit {
  return (event) => {
    if (event.type === 'warning') stderr.write(`[WARNING]: ${event.message}\n`);
    if (event.type === 'printed') stdout.write(`${event.message}\n`);
    if (event.type === 'message') stderr.write(`${event.message}\n`);
  };
}
