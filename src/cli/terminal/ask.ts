import { createInterface } from 'node:readline/promises';
import { ConfigError } from '../../core/errors.ts';

/** Asks in a terminal. */
export interface Questions extends Disposable {
  /**
   * The answer, or `usual` for none; asked again while `fault` says what is wrong with it.
   * @throws ConfigError 'interrupted' when there is no answer: Ctrl-C, Ctrl-D
   */
  ask(
    question: string,
    usual: string,
    fault?: (answer: string) => string | undefined,
  ): Promise<string>;
}

export function openQuestions(): Questions {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<never>((_, reject) => {
    lines.once('close', () => {
      reject(new ConfigError('interrupted', 'no answer: nothing was made'));
    });
    // The question's line is left.
    lines.once('SIGINT', () => {
      process.stdout.write('\n');
      lines.close();
    });
  });
  // Whoever asks hears of it; between two questions nobody does.
  closed.catch(() => undefined);
  return {
    async ask(question, usual, fault = () => undefined) {
      for (;;) {
        const given = lines.question(`${question} [${usual}]: `);
        const answer = (await Promise.race([given, closed])).trim() || usual;
        const wrong = fault(answer);
        if (wrong === undefined) return answer;
        process.stdout.write(`  ${wrong}\n`);
      }
    },
    [Symbol.dispose]: () => lines.close(),
  };
}

/** Whether somebody may answer. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true;
