#!/usr/bin/env node
import { readFileSync } from 'node:fs';

// Each running statement of DuckDB holds a thread of this pool; the rest of the process needs some too.
// biome-ignore lint/style/noProcessEnv: libuv reads it once, before anything uses the pool
process.env['UV_THREADPOOL_SIZE'] ??= '16';

// The version is asked for often, by scripts and editors: nothing else is loaded for it.
const [first] = process.argv.slice(2);
if (first === '--version' || first === '-V') {
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  process.stdout.write(`velo ${version}\n`);
} else {
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
