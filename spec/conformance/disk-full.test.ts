import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { adapters } from '../../src/adapters/index.ts';
import { bundle } from './run-source.ts';
import { withTarget } from './target.ts';

it.for(adapters.all())(
  'adapter $name says that the disk is full, and the database stays whole',
  ({ name }, { skip }) =>
    withTarget(name, async ({ input, isFile }) => {
      if (!isFile) skip("the disk is the server's, not this machine's to fill");
      const script = await bundle(`import { adapters } from './src/adapters/index.ts';
      const adapter = await adapters.get(${JSON.stringify(name)}).load();
      const warehouse = await adapter.open(adapter.parseSettings(${JSON.stringify(input)}));
      await warehouse.use(async (connection) => {
        await connection.execute('create table kept as select 1 as n');
        const filling = connection.transaction(() =>
          connection.execute('create table big as select i, md5(i::varchar) as h from range(1000000) t(i)'));
        const error = await filling.catch((e) => e);
        console.log(JSON.stringify([error.code, await connection.query('select n from kept')]));
      });`);
      // A limit of 2 MB a file is a full disk that needs no disk of its own.
      const run = promisify(execFile);
      const { stdout } = await run('bash', [
        '-c',
        'ulimit -f 2000; exec "$0" --input-type=module -e "$1"',
        process.execPath,
        script,
      ]);
      expect(JSON.parse(stdout)).toEqual(['disk-full', [{ n: 1 }]]);
    }),
);
