import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../docs/documents.ts';
import { makeProject } from '../e2e/velo.ts';

const start = promisify(execFile);

/** The example beside the package as npm would publish it; its dependencies are those of this folder. */
async function installedExample(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'velo-api-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(join(ROOT, 'examples/api'), dir, { recursive: true });
  const { stdout } = await start('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    maxBuffer: 2 ** 26,
  });
  const [packed] = JSON.parse(stdout) as [{ readonly files: readonly { path: string }[] }];
  const home = join(dir, 'node_modules/velo');
  for (const { path } of packed.files) {
    // Nobody trains here, and nobody debugs.
    if (path.startsWith('native/') || path.endsWith('.map')) continue;
    mkdirSync(dirname(join(home, path)), { recursive: true });
    cpSync(join(ROOT, path), join(home, path));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  mkdirSync(join(dir, 'node_modules/@types'));
  symlinkSync(join(ROOT, 'node_modules/@types/node'), join(dir, 'node_modules/@types/node'));
  return dir;
}

type Settings = Partial<
  Pick<ts.CompilerOptions, 'module' | 'moduleResolution' | 'noEmit' | 'skipLibCheck'>
>;

/** Compiles the example with its own settings; what the compiler says of it and of velo's types. */
function faultsOf(dir: string, settings: Settings): string[] {
  const file = join(dir, 'tsconfig.json');
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, ts.sys.readFile).config,
    ts.sys,
    dir,
  );
  const program = ts.createProgram(fileNames, { ...options, ...settings });
  const found = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return found.map(
    ({ file: at, messageText }) =>
      `${at?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  );
}

it('the example compiles against the package, and builds two projects in one process', async () => {
  const dir = await installedExample();
  const { Bundler } = ts.ModuleResolutionKind;
  expect(
    faultsOf(dir, {
      module: ts.ModuleKind.ESNext,
      moduleResolution: Bundler,
      skipLibCheck: true,
      noEmit: true,
    }),
  ).toEqual([]);
  expect(faultsOf(dir, {})).toEqual([]);

  const good = makeProject({ 'models/a.sql': "select '{{ var('source') }}' as source" });
  const bad = makeProject({ 'models/a.sql': 'select 1 as a\n', 'models/b.sql': 'select z\n' });
  const lost = makeProject({ 'models/a.sql': "select * from {{ ref('nothing') }}\n" });
  const args = [join(dir, 'build.js'), good.dir, bad.dir, lost.dir];
  const failed = await start(process.execPath, args).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 1 });
  const { stdout, stderr } = failed as { readonly stdout: string; readonly stderr: string };
  const [first, second, third] = JSON.parse(stdout);
  expect(first).toEqual({ projectDir: good.dir, counts: { success: 1 }, faults: [] });
  expect(second.counts).toEqual({ success: 1, error: 1 });
  expect(second.faults).toEqual([expect.stringMatching(/^models\/b\.sql:1 database-error: /)]);
  expect(third.faults).toEqual([expect.stringMatching(/^models\/a\.sql:1 unknown-ref: /)]);
  expect(stderr).toContain(`${bad.dir}: model.shop.b failed, `);
}, 120_000);
