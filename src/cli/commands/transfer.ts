import type {
  TransferPreview,
  TransferredTable,
  TransferWatcher,
} from '../../api/transfer-result.ts';
import type { TransferOptions } from '../../api/two-targets.ts';
import { ConfigError } from '../../core/errors.ts';
import { renderError } from '../render-error.ts';
import { transferJson } from '../reporters/transfer-json.ts';
import { transferProgress } from '../reporters/transfer-progress.ts';
import { systemClock } from '../terminal/clock.ts';
import type { Invocation } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import { apiOptions } from './options.ts';
import { isQuiet, printEvents } from './print-events.ts';

type Work = (
  options: TransferOptions & { readonly watch: TransferWatcher },
) => Promise<readonly TransferredTable[]>;

/** Runs a push or a pull and tells how it goes. Exit codes: 0 done, 1 something failed, 2 could not run. */
export async function transfer(invocation: Invocation, work: Work): Promise<number> {
  const { options, context } = invocation;
  const isJson = options['output'] === 'json';
  const { style, projectDir } = context.display(options);
  const silent = isJson || isQuiet(invocation);
  const progress = silent ? undefined : transferProgress(context.stdout, style, systemClock);
  const tell = (message: string) => void context.stderr.write(`[WARNING]: ${message}\n`);
  const close = () => progress?.close();
  const interrupt = onInterrupt(tell, close);
  const previews = new Map<string, TransferPreview>();
  try {
    const tables = await work({
      ...apiOptions(invocation, printEvents(invocation)),
      ...movingOptions(invocation),
      signal: interrupt.signal,
      watch: {
        previewed(preview) {
          previews.set(preview.node.id, preview);
          progress?.previewed(preview);
        },
        rows: (node, rows, total) => progress?.rows(node, rows, total),
        finished: (table) => progress?.finished(table),
      },
    });
    close();
    if (isJson) {
      context.stdout.write(`${JSON.stringify(transferJson(tables, previews), null, 2)}\n`);
    }
    for (const { error } of tables) {
      if (error) context.stderr.write(`${renderError(error, { projectDir, style })}\n`);
    }
    return tables.some(({ status }) => status === 'refused' || status === 'error') ? 1 : 0;
  } finally {
    close();
    interrupt.stop();
  }
}

/** @throws ConfigError 'usage' */
export function movingOptions({ options }: Invocation): Omit<TransferOptions, 'emit'> {
  const seconds = options['lockTimeout'];
  const lockTimeoutMs = seconds === undefined ? undefined : Number(seconds) * 1000;
  if (lockTimeoutMs !== undefined && !(lockTimeoutMs >= 1)) {
    throw new ConfigError('usage', `--lock-timeout '${String(seconds)}' is no time in seconds`);
  }
  return {
    dryRun: options['dryRun'] === true,
    fullRefresh: options['fullRefresh'] === true,
    lockTimeoutMs: lockTimeoutMs && Math.round(lockTimeoutMs),
  };
}
