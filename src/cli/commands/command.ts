import type { CliContext } from '../cli-context.ts';

export interface OptionEntry {
  /** As commander reads it: `-s, --select <selectors...>`. */
  readonly flags: string;
  readonly help: string;
  readonly choices?: readonly string[] | undefined;
  /** Left out of the help. */
  readonly hidden?: boolean | undefined;
}

export interface Invocation {
  /** Options by their long names in camel case. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  readonly context: CliContext;
}

/** What a command's module exports. Resolves to the exit code. */
export interface CommandModule {
  run(invocation: Invocation): Promise<number>;
}

export interface ArgumentEntry {
  readonly name: string;
  readonly help: string;
  /** The words it can be, where those are known: for completion. */
  readonly choices?: readonly string[] | undefined;
}

/** A command as it is listed: enough for help, without loading what it needs to run. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly arguments?: readonly ArgumentEntry[];
  readonly options: readonly OptionEntry[];
  load(): Promise<CommandModule>;
}
