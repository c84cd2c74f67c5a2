// Runs a TypeScript file with plain node: bundles it with esbuild and imports the result.
//   node scripts/run-ts.mjs <file.ts> [arguments…]
// The script sees its arguments at process.argv.slice(2), as if node could run TypeScript.
import { rmSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: node scripts/run-ts.mjs <file.ts> [arguments…]\n');
  process.exit(2);
}
const entry = resolve(file);
const root = fileURLToPath(new URL('..', import.meta.url));
// Under node_modules so that the bare imports left out of the bundle still resolve.
const folder = join(root, 'node_modules', '.cache', 'velo');
const bundle = join(folder, `${basename(file, '.ts')}-${process.pid}.mjs`);

// import.meta must mean each source file, not the bundle in the cache.
const sourceUrls = {
  name: 'source-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      const contents = text
        .replaceAll('import.meta.url', url)
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents, loader: 'ts' };
    });
  },
};

await mkdir(folder, { recursive: true });
try {
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [sourceUrls],
  });
} catch {
  process.exit(2); // esbuild has printed the error
}
// At exit and not after the import: the script may end with process.exit.
process.on('exit', () => rmSync(bundle, { force: true }));
process.setSourceMapsEnabled(true);
process.argv = [process.execPath, entry, ...rest];
await import(pathToFileURL(bundle).href);
