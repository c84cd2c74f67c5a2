export interface Interruption {
  readonly signal: AbortSignal;
  /** Signals are no longer listened to. */
  stop(): void;
}

/**
 * The first Ctrl-C aborts the signal, so that what runs is cancelled and rolled back; the second leaves at once, which
 * is as safe: nothing was committed.
 * @param leave gives the terminal back
 */
export function onInterrupt(tell: (message: string) => void, leave: () => void): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      leave();
      process.exit(130);
    }
    tell('Interrupted: cancelling what runs (once more to leave at once)');
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const stop = () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  return { signal: controller.signal, stop };
}
