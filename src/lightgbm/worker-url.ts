/** A Worker's module in this folder: the built file, or, when velo runs from its source, one bundled on the way. */
export async function workerUrl(name: 'worker' | 'shap-worker'): Promise<URL> {
  const beside = `../lightgbm/${name}`;
  if (!import.meta.url.endsWith('.ts')) return new URL(`${beside}.js`, import.meta.url);
  const { build } = await import('esbuild');
  const { fileURLToPath } = await import('node:url');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`${beside}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  return new URL(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`,
  );
}
