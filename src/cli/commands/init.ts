import { type InitOptions, init, nameOf, refuseProject } from '../../api/init.ts';
import { PASSWORD_VARIABLE, type PostgresAnswers } from '../../api/starter-files.ts';
import { ConfigError } from '../../core/errors.ts';
import { canAsk, openQuestions, type Questions } from '../terminal/ask.ts';
import type { CommandModule, Invocation } from './command.ts';
import { wholeNumber } from './options.ts';

/** Makes a project: asks in a terminal for what no flag says. Exit codes: 0 made, 2 not, 130 interrupted. */
export const run: CommandModule['run'] = async (invocation) => {
  const { context } = invocation;
  const answers = await answersTo(invocation);
  const files = await init(answers);
  for (const { path, isKept } of files) {
    context.stdout.write(`  ${path}${isKept ? ' (was there, and is as it was)' : ''}\n`);
  }
  const step = answers.folder === '.' ? '' : `cd ${answers.folder} && `;
  const password = answers.postgres ? `export ${PASSWORD_VARIABLE}=… && ` : '';
  context.stdout.write(`Made a project. Try: ${step}${password}velo build\n`);
  return 0;
};

async function answersTo(invocation: Invocation): Promise<InitOptions> {
  const { options, args, context } = invocation;
  if (options['yes'] !== true && canAsk()) {
    using questions = openQuestions();
    context.stdout.write('A new project. Enter takes what stands in brackets.\n');
    return await asked(invocation, questions);
  }
  const [folder] = args;
  if (folder === undefined && options['yes'] !== true) {
    throw new ConfigError('usage', 'nobody is here to be asked', {
      hint: 'name a folder: velo init my_project; or take the usual answers: velo init --yes. Flags: velo init --help',
    });
  }
  const given = { folder: folder ?? '.', name: flag(invocation, 'name') };
  const usual = given.name ?? nameOf(given.folder);
  const postgres =
    flag(invocation, 'adapter') === 'postgres'
      ? await postgresAnswers(invocation, usual, async (_, value) => value)
      : undefined;
  return { ...given, postgres, sample: options['sample'] !== false };
}

const flag = ({ options }: Invocation, name: string): string | undefined =>
  typeof options[name] === 'string' ? options[name] : undefined;

/** Flags are answers; all else is asked. */
async function asked(invocation: Invocation, { ask }: Questions): Promise<InitOptions> {
  const { options, args } = invocation;
  const [named] = args;
  const answered = (name: string) => flag(invocation, name);
  if (named !== undefined) refuseProject(named);
  const usualName = named === undefined ? 'my_project' : nameOf(named);
  const name = answered('name') ?? (await ask('Name', usualName, nameFault));
  const folder = named ?? (await ask('Folder, . for this one', name));
  refuseProject(folder);
  const adapter =
    answered('adapter') ??
    (await ask('Database, duckdb or postgres', 'duckdb', oneOf('duckdb', 'postgres')));
  const postgres =
    adapter === 'postgres' ? await postgresAnswers(invocation, name, ask) : undefined;
  const wantsSample =
    options['sample'] === false
      ? 'no'
      : await ask('With a sample to start from, yes or no', 'yes', oneOf('yes', 'no', 'y', 'n'));
  return { folder, name, postgres, sample: wantsSample.startsWith('y') };
}

const nameFault = (name: string): string | undefined =>
  /^[A-Za-z_]\w*$/.test(name) ? undefined : 'letters, digits and underscores; no digit first';

const oneOf =
  (...words: readonly string[]) =>
  (answer: string): string | undefined =>
    words.includes(answer) ? undefined : `one of ${words.join(', ')}`;

async function postgresAnswers(
  invocation: Invocation,
  project: string,
  ask: Questions['ask'],
): Promise<PostgresAnswers> {
  const answer = async (name: string, question: string, usual: string, fault?: typeof portFault) =>
    flag(invocation, name) ?? (await ask(question, usual, fault));
  return {
    host: await answer('host', 'Host', 'localhost'),
    port: wholeNumber(await answer('port', 'Port', '5432', portFault), '--port') ?? 5432,
    user: await answer('user', 'User', 'postgres'),
    database: await answer('database', 'Database', project),
    schema: await answer('schema', 'Schema', 'public'),
  };
}

const portFault = (port: string): string | undefined =>
  /^\d{1,5}$/.test(port) && Number(port) > 0 ? undefined : 'a number, such as 5432';
