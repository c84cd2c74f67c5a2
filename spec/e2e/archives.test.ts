import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { type Files, makeProject, type TestProject } from './velo.ts';

// Made with Python's bz2. Two rows, 2024-01-01 A 10 and 2024-01-02 B 20; one row, 2024-01-03 C 30; two lines of JSON.
const TWO_ROWS = bytes(
  'QlpoOTFBWSZTWQLS9qkAABJdgAAQAAZ0ADAAJELKICAAMU0yMTExBKp6ntRPU2hNqZRHvkV88jCkGI6lmk7HHNLlcq4q/F3JFOFCQAtL2qQ=',
);
const ONE_ROW = bytes(
  'QlpoOTFBWSZTWfaFFqMAAApdgAAQAAZ8AAgAJELKICAAMU0yMTExCJo9Q0yDamxpj6HDwrOqQF4JMnCA/F3JFOFCQ9oUWow=',
);
const STREAM = bytes(
  'QlpoOTFBWSZTWY2uxkMAAD3bgAAQEAU+kAAKDC9XCiAAaCVT9U0eoNNNG1DRoJQiaA0A0PKWGIkyvyqQKB1GwIEK7ShPyY8B2fhhOKijIpIRFDkPRyfwKGhxEgwsMFig0TcHIDs/F3JFOFCQja7GQw==',
);

function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

function sales(location: string, format = ''): Files {
  return {
    'models/_sources.yml': `sources:
  - name: till
    tables:
      - name: sales
        config: {external_location: '${location}'${format && `, format: ${format}`}}
`,
    'models/sold.sql':
      "{{ config(materialized='table') }}\nselect * from {{ source('till', 'sales') }}\n",
  };
}

const sold = (project: TestProject) =>
  project.query('select sum(sum)::int, count(*)::int from sold');

async function built(project: TestProject): Promise<void> {
  const { exitCode, stdout, stderr } = await project.velo(['build']);
  expect(exitCode, stdout + stderr).toBe(0);
}

async function tarOf(members: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(members)) tar.entry({ name }, content);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

describe('archives among the files of a source', () => {
  it('are unpacked once, again when they change, and what went is gone', async () => {
    const project = makeProject({
      ...sales('data/*.csv.*z*', 'csv'),
      'data/a.csv.bz2': TWO_ROWS,
      'data/b.csv.gz': gzipSync('day,shop,sum\n2024-01-05,D,5\n'),
    });
    await built(project);
    expect(await sold(project)).toEqual([[35, 3]]);
    const { stdout } = await project.velo(['build']);
    expect(stdout).toContain('REUSED=1');
    project.write({ 'data/c.csv.bz2': ONE_ROW });
    await built(project);
    expect(await sold(project)).toEqual([[65, 4]]);
    project.remove('data/a.csv.bz2');
    await built(project);
    expect(await sold(project)).toEqual([[35, 2]]);
    // Unpacked files are no state: without them they are made anew.
    project.remove('target/unpacked');
    const { exitCode } = await project.velo(['build', '--full-refresh']);
    expect([exitCode, await sold(project)]).toEqual([0, [[35, 2]]]);
  });

  it('a tar gives its files from all folders, those of one name and packed ones too', async () => {
    const tar = await tarOf({ 'x/day.csv.bz2': TWO_ROWS, 'y/day.csv.bz2': ONE_ROW });
    const files = { ...sales('data/all.csv.tar'), 'data/all.csv.tar': tar };
    const project = makeProject(files);
    await built(project);
    expect(await sold(project)).toEqual([[60, 3]]);
    project.write({ ...sales('data/all.csv.tgz'), 'data/all.csv.tgz': gzipSync(tar) });
    await built(project);
    expect(await sold(project)).toEqual([[60, 3]]);
  });

  it('whose names say nothing are read by the format given, and JSON by the columns given', async () => {
    const project = makeProject({
      'data/1.123': 'not for us',
      'data/1.124.bz2': STREAM,
      'models/_sources.yml': `sources:
  - name: exchange
    tables:
      - name: stream
        config:
          external_location: 'data/*.bz2'
          format: json
          column_types:
            pt: bigint
            mc: 'struct(id varchar, rc struct(id bigint, ltp double, tv double, batb double[][])[])[]'
            absent: varchar
`,
      'models/prices.sql': `select pt, mc[1].rc[1].ltp as ltp, mc[1].rc[1].tv as tv, mc[1].rc[1].batb as batb, absent
from {{ source('exchange', 'stream') }}`,
    });
    await built(project);
    expect(
      await project.query('select pt::int, ltp, tv, batb, absent from prices order by 1'),
    ).toEqual([
      [1, 3.5, null, null, null],
      [2, 4.5, 12.5, null, null],
    ]);
  });
});

describe('a damaged archive', () => {
  it.each([
    ['is cut off', TWO_ROWS.subarray(0, TWO_ROWS.length - 20)],
    ['has a wrong bit', TWO_ROWS.map((byte, at) => (at === 45 ? byte ^ 4 : byte))],
    ['is something else', Buffer.from('day,shop,sum\n')],
  ])('that %s is named, and leaves nothing half', async (_, content) => {
    const files = {
      ...sales('data/*.csv.bz2'),
      'data/a.csv.bz2': content,
      'data/0.csv.bz2': ONE_ROW,
    };
    const project = makeProject(files);
    const { exitCode, stderr } = await project.velo(['build']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^error\[source-file-damaged\] models\/_sources.yml:5:18\n {2}'data\/a.csv.bz2' cannot be unpacked: /,
    );
    const unpacked = join(project.dir, 'target/unpacked');
    const [folder = '', ...more] = readdirSync(unpacked);
    expect(more).toEqual([]);
    expect(readdirSync(join(unpacked, folder))).toHaveLength(1);
    project.write({ 'data/a.csv.bz2': TWO_ROWS });
    await built(project);
    expect(await sold(project)).toEqual([[60, 3]]);
  });

  it('a tar that is cut off is named', async () => {
    const tar = await tarOf({
      'day.csv': Buffer.from('day,shop,sum\n2024-01-05,D,5\n'.repeat(100)),
    });
    const project = makeProject({
      ...sales('data/a.csv.tar'),
      'data/a.csv.tar': tar.subarray(0, 700),
    });
    const { exitCode, stderr } = await project.velo(['build']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("'data/a.csv.tar' cannot be unpacked: Unexpected end of data");
  });
});
