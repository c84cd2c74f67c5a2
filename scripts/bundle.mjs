// Puts what the command line loads into few files: a hundred small ones cost a command a third of its time.
// Runs after tsc, over its output: dist/cli/bin.js becomes the entry, dist/chunks/ holds the rest.
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const BIN = 'dist/cli/bin.js';
/** What the tests call again and again in one process is what the bin calls. */
const MAIN = 'dist/cli/main.js';

await rm('dist/chunks', { recursive: true, force: true });
await build({
  entryPoints: [BIN, MAIN],
  outdir: 'dist',
  outbase: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['esbuild'],
  // Packages written for require() still find it.
  banner: {
    js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
  },
  allowOverwrite: true,
  logLevel: 'warning',
});
await chmod(BIN, 0o755);
