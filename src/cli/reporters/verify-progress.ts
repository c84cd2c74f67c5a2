import type { VerifyWatcher } from '../../api/verify.ts';
import type { NodeId } from '../../core/node.ts';
import type { Clock } from '../terminal/clock.ts';
import { plural } from '../terminal/number.ts';
import { createScreen, type TerminalStream } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { displayWidth } from '../terminal/width.ts';
import { verifyLine } from './verify-lines.ts';

export interface VerifyProgress extends VerifyWatcher {
  /** Gives the terminal back. */
  close(): void;
}

/** Where lines only scroll, long work says that it goes on. */
const SIGN_OF_LIFE_MS = 15_000;

/** A line for each model as it ends; in a terminal, beneath them, how far the running ones are. */
export function verifyProgress(
  stream: TerminalStream,
  style: Style,
  clock: Pick<Clock, 'now'>,
): VerifyProgress {
  const screen = stream.isTTY === true ? createScreen(stream) : undefined;
  const running = new Map<NodeId, string>();
  let nameWidth = 0;
  let spokeAt = clock.now();
  const draw = (lines: readonly string[]) => {
    if (screen) screen.draw(lines, [...running.values()]);
    else for (const line of lines) stream.write(`${line}\n`);
    if (lines.length > 0) spokeAt = clock.now();
  };
  return {
    started(models) {
      nameWidth = Math.max(...models.map(({ name }) => displayWidth(name)));
      draw([`Verifying ${plural(models.length, 'as_of model')}`, '']);
    },
    began(model) {
      running.set(model.id, style.dim(`… ${model.name}: all dates at once`));
      draw([]);
    },
    progress(model, done, total) {
      const grain = model.asOf?.grain ?? 'day';
      const text = `… ${model.name}: ${done} of ${plural(total, grain)} one by one`;
      running.set(model.id, style.dim(text));
      draw(screen === undefined && clock.now() - spokeAt >= SIGN_OF_LIFE_MS ? [text] : []);
    },
    finished(model, verification) {
      running.delete(model.id);
      draw([verifyLine(model, verification, nameWidth, style)]);
    },
    close: () => screen?.close(),
  };
}
