import { Command, CommanderError, Option } from 'commander';
import { VeloError, VeloErrors } from '../core/errors.ts';
import { type CliContext, createCliContext } from './cli-context.ts';
import { commandFirst } from './command-first.ts';
import { ciTargets } from './commands/ci-targets.ts';
import type { CommandEntry, Invocation } from './commands/command.ts';
import { optionsOf } from './commands/dbt-options.ts';
import { hiddenCommands } from './commands/hidden.ts';
import { commands } from './commands/index.ts';
import { JUNIT_OPTION } from './commands/options.ts';
import { renderError } from './render-error.ts';

/** Runs one command line. Exit codes: 0 good, 1 something failed, 2 could not run, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  const context = createCliContext(argv);
  const program = new Command('velo')
    .description('Builds, tests and documents SQL models, point in time.')
    .option('-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .showHelpAfterError('(velo --help lists the commands)');
  let exitCode = 0;
  for (const entry of [...commands, ...hiddenCommands]) {
    addCommand(program, entry, async (options, args) => {
      exitCode = await runCommand(entry, options, args, context);
    });
  }
  try {
    await program.parseAsync(commandFirst(argv, commands), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

type Run = (options: Record<string, unknown>, args: readonly string[]) => Promise<void>;

function addCommand(program: Command, entry: CommandEntry, run: Run): void {
  const hidden = hiddenCommands.includes(entry);
  const command = program.command(entry.name, { hidden }).description(entry.summary);
  for (const alias of entry.aliases ?? []) command.alias(alias);
  for (const argument of entry.arguments ?? []) command.argument(argument.name, argument.help);
  for (const { flags, help, choices, hidden: isHidden = false } of hidden
    ? entry.options
    : optionsOf(entry)) {
    const option = new Option(flags, help).hideHelp(isHidden);
    command.addOption(choices ? option.choices([...choices]) : option);
  }
  command.action((...given: unknown[]) => {
    const args = given
      .slice(0, -2)
      .flat()
      .filter((one): one is string => typeof one === 'string');
    return run(given.at(-2) as Record<string, unknown>, args);
  });
}

async function runCommand(
  entry: CommandEntry,
  options: Readonly<Record<string, unknown>>,
  args: readonly string[],
  context: CliContext,
): Promise<number> {
  try {
    const { run } = await entry.load();
    const exitCode = await run({ options, args, context });
    for (const close of context.atEnd) close();
    return exitCode;
  } catch (error) {
    const { projectDir, style } = context.display(options);
    context.stderr.write(`${renderError(error, { projectDir, style })}\n`);
    await tellCi(error, { options, args, context }, entry.options.includes(JUNIT_OPTION));
    const known = error instanceof VeloError || error instanceof VeloErrors;
    return known && isInterrupted(error) ? 130 : 2;
  }
}

/** A command that did not start is shown by CI as one that failed. */
async function tellCi(error: unknown, invocation: Invocation, hasJunit: boolean): Promise<void> {
  const targets = ciTargets(invocation, hasJunit);
  if (!targets) return;
  const [{ casesOfError }, { writeReports }] = await Promise.all([
    import('./reporters/ci-case.ts'),
    import('./reporters/ci-reports.ts'),
  ]);
  try {
    writeReports(
      casesOfError(error, targets.projectDir),
      { startedAt: targets.clock.now() },
      targets,
    );
  } catch {
    // There is an error already, and it may be this one.
  }
}

const isInterrupted = (error: VeloError | VeloErrors): boolean =>
  error instanceof VeloError && error.code === 'interrupted';
