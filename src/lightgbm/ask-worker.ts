import type { Worker } from 'node:worker_threads';
import { ProjectError, type VeloError } from '../core/errors.ts';
import type { Reply, TaskName, Tasks, TrainingProgress } from './messages.ts';

/** `signal`: aborted, the call rejects at once with 'interrupted', and the thread stops after the round it is in. */
export interface TaskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

interface Pending {
  readonly done: (output: Tasks[TaskName]['output']) => void;
  readonly failed: (error: VeloError) => void;
  readonly onProgress: TaskOptions['onProgress'];
}

/** Asks a thread for one thing; answers come in the order of the questions. @throws ProjectError 'lightgbm-error', 'interrupted' */
export type Ask = <Name extends TaskName>(
  task: Name,
  input: Tasks[Name]['input'],
  options: TaskOptions,
) => Promise<Tasks[Name]['output']>;

/** How a thread that has started is asked. It keeps the process only while it has something to answer. */
export function askerOf(worker: Worker): Ask {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let ended: VeloError | undefined;
  const end = (why: string) => {
    ended ??= new ProjectError('lightgbm-error', `the thread LightGBM runs on ended: ${why}`);
    for (const { failed } of pending.values()) failed(ended);
    pending.clear();
  };
  worker.on('error', (error) => end(error.message));
  worker.on('exit', (code) => end(`exit code ${code}`));
  worker.on('message', (reply: Reply) => hear(pending, reply));
  // A thread that waits does not keep the process; one that is asked something does.
  const count = () => (pending.size > 0 ? worker.ref() : worker.unref());
  count();
  return <Name extends TaskName>(
    task: Name,
    input: Tasks[Name]['input'],
    { signal, onProgress }: TaskOptions,
  ) =>
    new Promise<Tasks[Name]['output']>((resolve, reject) => {
      if (signal?.aborted) return reject(interrupted());
      if (ended) return reject(ended);
      lastId += 1;
      const id = lastId;
      const cancelled = new Int32Array(new SharedArrayBuffer(4));
      const abort = () => {
        Atomics.store(cancelled, 0, 1);
        leave();
        reject(interrupted());
      };
      const leave = () => {
        signal?.removeEventListener('abort', abort);
        pending.delete(id);
        count();
      };
      pending.set(id, {
        done(output) {
          leave();
          resolve(output as Tasks[Name]['output']);
        },
        failed(error) {
          leave();
          reject(error);
        },
        onProgress,
      });
      signal?.addEventListener('abort', abort);
      count();
      worker.postMessage({ id, task, input, cancelled });
    });
}

function hear(pending: ReadonlyMap<number, Pending>, reply: Reply): void {
  // Nobody waits any more for the answer to what was interrupted.
  const task = 'id' in reply ? pending.get(reply.id) : undefined;
  if (task === undefined) return;
  if (reply.reply === 'progress') task.onProgress?.(reply.progress);
  else if (reply.reply === 'done') task.done(reply.output);
  else if (reply.reply === 'failed') {
    task.failed(new ProjectError('lightgbm-error', `LightGBM: ${reply.message}`));
  }
}

const interrupted = () => new ProjectError('interrupted', 'LightGBM was interrupted');
