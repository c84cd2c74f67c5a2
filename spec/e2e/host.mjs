// Runs one command line after the other as the bin would, each in its folder and with its environment, and answers with
// what it printed. It loads what the bin loads: the built velo.
import { Buffer } from 'node:buffer';
import process from 'node:process';

const { main } = await import('../../dist/cli/main.js');

const NAMES = ['stdout', 'stderr'];

// Each call adds its own listeners to the streams.
process.setMaxListeners(0);
process.on('message', async ({ args, cwd, env }) => {
  process.chdir(cwd);
  setEnvironment(env);
  const printed = { stdout: '', stderr: '' };
  const release = NAMES.map((name) => capture(name, printed));
  let exitCode;
  try {
    exitCode = await main(args);
  } catch (error) {
    exitCode = 1;
    printed.stderr += `${error?.stack ?? error}\n`;
  }
  for (const restore of release) restore();
  // The project's folder is about to be removed.
  process.chdir('/');
  process.send({ exitCode, ...printed });
});
process.send('ready');

function setEnvironment(variables) {
  const { env } = process;
  for (const name of Object.keys(env)) delete env[name];
  Object.assign(env, variables);
}

function capture(name, printed) {
  const { write } = process[name];
  process[name].write = (chunk, encoding, done) => {
    printed[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const call = typeof encoding === 'function' ? encoding : done;
    if (call) queueMicrotask(call);
    return true;
  };
  return () => {
    process[name].write = write;
    process[name].removeAllListeners('error');
  };
}
