import { Worker } from 'node:worker_threads';
import { type Ask, askerOf, type TaskOptions } from './ask-worker.ts';
import type { NumberColumn } from './c-api.ts';
import type { PredictionOutput, ShapSettings } from './messages.ts';
import { workerUrl } from './worker-url.ts';

/** Below so many rows a thread costs more to start, and to tell of the model, than it saves. */
const ROWS_WORTH_A_THREAD = 8192;

type Contribute = (
  columns: readonly NumberColumn[],
  options: TaskOptions,
) => Promise<PredictionOutput>;

/** Threads that work out contributions beside the one LightGBM runs on; they start when they are needed. */
export interface ShapThreads extends AsyncDisposable {
  /**
   * Contributions of all rows, cut into as many pieces as there are threads; `first` works out the first of them.
   * @throws ProjectError 'lightgbm-error', 'interrupted'
   */
  contribute(
    columns: readonly NumberColumn[],
    options: TaskOptions & { readonly threads: number; readonly first: Contribute },
  ): Promise<PredictionOutput>;
}

export function shapThreads(settings: ShapSettings): ShapThreads {
  const started: Promise<{ readonly worker: Worker; readonly ask: Ask }>[] = [];
  const start = async () => {
    const worker = new Worker(await workerUrl('shap-worker'), { workerData: settings });
    return { worker, ask: askerOf(worker) };
  };
  const ask = async (index: number, columns: readonly NumberColumn[], options: TaskOptions) => {
    const thread = started[index] ?? start();
    started[index] = thread;
    return (await thread).ask('contribute', { columns }, options);
  };
  return {
    async contribute(columns, { threads, first, ...options }) {
      const pieces = pieceRows(columns, threads);
      const parts = await Promise.all(
        pieces.map(async (piece, i) => {
          const own = i > 0 ? await ask(i - 1, piece, options) : undefined;
          return own ?? first(piece, options);
        }),
      );
      return joined(parts);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map(async (thread) => (await thread).worker.terminate()));
    },
  };
}

function pieceRows(columns: readonly NumberColumn[], threads: number) {
  const rows = columns[0]?.length ?? 0;
  const count = Math.max(1, Math.min(threads, Math.floor(rows / ROWS_WORTH_A_THREAD)));
  if (count === 1) return [columns];
  const size = Math.ceil(rows / count);
  // A copy: of a view the whole buffer would be sent.
  return Array.from({ length: count }, (_, i) =>
    columns.map((column) => column.slice(i * size, (i + 1) * size)),
  );
}

function joined(parts: readonly PredictionOutput[]): PredictionOutput {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { values, perRow: first?.perRow ?? 0 };
}
