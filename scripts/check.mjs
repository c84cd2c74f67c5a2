// Runs all `check:` scripts of package.json side by side: npm run check. What each says is printed in one piece at its end.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const checks = Object.keys(scripts).filter((name) => name.startsWith('check:'));

/** Whether a script ended well. */
async function passes(name) {
  // npm has put the tools on the PATH.
  const child = spawn(scripts[name], { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => {
    child.on('close', done);
  });
  const printed = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await ended;
  const verdict = code === 0 ? 'ok' : `FAILED (${code})`;
  process.stdout.write(`${printed.join('')}${verdict}: ${name}\n`);
  return code === 0;
}

const results = await Promise.all(checks.map(passes));
process.exitCode = results.every(Boolean) ? 0 : 1;
