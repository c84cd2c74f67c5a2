import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Gives the memory of results back that nobody holds any more. The driver frees a result when its handle is collected, and
 * V8, which sees small handles only, would wait with that for many large ones.
 */
export function freeResults(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
