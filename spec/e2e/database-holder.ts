import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** Another process that has a database file open. */
export interface DatabaseHolder {
  readonly pid: number;
  release(): Promise<void>;
}

/** Starts a process that opens the file and runs `sql` there; the driver's own process would be the test's. */
export async function holdDatabase(
  path: string,
  { access = 'READ_WRITE', sql = 'select 1' }: { access?: string; sql?: string } = {},
): Promise<DatabaseHolder> {
  const script = `import { DuckDBInstance } from '@duckdb/node-api';
    const instance = await DuckDBInstance.create(${JSON.stringify(path)}, { access_mode: '${access}' });
    await (await instance.connect()).run(${JSON.stringify(sql)});
    process.stdout.write('open');
    process.stdin.on('end', () => instance.closeSync()).resume();`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  await once(holder.stdout, 'data');
  return {
    pid: holder.pid as number,
    async release() {
      holder.stdin.end();
      if (holder.exitCode === null) await once(holder, 'exit');
    },
  };
}
