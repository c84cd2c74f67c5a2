import { build } from 'esbuild';

/** Bundles TypeScript into text for `node --input-type=module -e`, since Node 20 does not run it; run it in the repository. */
export async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    // One argument of a process has room for 128 KB.
    minify: true,
  });
  return outputFiles[0]?.text ?? '';
}
