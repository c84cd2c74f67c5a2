import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import { generateDocs } from '../../api/docs.ts';
import { serveDocs } from '../../api/serve-docs.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigError } from '../../core/errors.ts';
import { reporters } from '../reporters/index.ts';
import { systemClock } from '../terminal/clock.ts';
import type { CommandModule, Invocation } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import { apiOptions, selectOptions, wholeNumber } from './options.ts';
import { isQuiet, printEvents } from './print-events.ts';

/** Makes or serves the page of the project. Exit codes: 0 done, 2 could not. */
export const run: CommandModule['run'] = async (invocation) => {
  const [action = ''] = invocation.args;
  const found = ACTIONS[action];
  if (found) return found(invocation);
  throw new ConfigError('usage', `velo docs cannot '${action}'`, {
    hint: didYouMean(action, Object.keys(ACTIONS)) ?? 'velo docs generate, velo docs serve',
  });
};

const ACTIONS: Readonly<Record<string, (invocation: Invocation) => Promise<number>>> = {
  generate,
  serve,
};

async function generate(invocation: Invocation): Promise<number> {
  const { options, context } = invocation;
  const { projectDir, style } = context.display(options);
  const name = options['logFormat'] === 'json' ? 'json' : isQuiet(invocation) ? 'quiet' : 'lines';
  const reporter = reporters.get(name).create({
    ...{ stream: context.stdout, style, clock: systemClock, projectDir },
    targetPath: typeof options['targetPath'] === 'string' ? options['targetPath'] : 'target',
  });
  const { page } = await generateDocs({
    ...apiOptions(invocation, (event) => {
      // As in dbt, what was found is told where it is compiled.
      if (event.type !== 'project-read' || options['compile'] !== false) reporter.handle(event);
    }),
    ...selectOptions(invocation),
    compile: options['compile'] !== false,
    emptyCatalog: options['emptyCatalog'] === true,
    columnLineage: options['columnLineage'] !== false,
    isStatic: options['static'] === true,
  });
  if (context.stdout.isTTY === true) {
    const message = `Open ${relative(process.cwd(), page)} in a browser, or see it with velo docs serve`;
    reporter.handle({ type: 'message', message });
  }
  return 0;
}

async function serve(invocation: Invocation): Promise<number> {
  const { options, context } = invocation;
  const server = await serveDocs({
    ...apiOptions(invocation, printEvents(invocation)),
    host: options['host'] as string | undefined,
    port: wholeNumber(options['port'], '--port', 0),
  });
  const interrupt = onInterrupt(
    () => undefined,
    () => undefined,
  );
  context.stdout.write(`Serving docs at ${server.url}\nPress Ctrl-C to end.\n`);
  if (options['browser'] !== false) openBrowser(server.url);
  await new Promise<void>((done) => {
    interrupt.signal.addEventListener('abort', () => done());
  });
  await server.close();
  interrupt.stop();
  return 0;
}

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Where there is none nothing happens: the address is printed. */
function openBrowser(url: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
