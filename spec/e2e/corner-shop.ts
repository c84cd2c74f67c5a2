import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { createDatabase, dropDatabase, inDatabase } from '../postgres/database.ts';
import { type CliResult, openProject, query, type TestProject } from './velo.ts';

/** A shop as anybody's dbt project, with nothing of velo's in it. */
const SOURCE = join(import.meta.dirname, '../projects/corner_shop');

/** The shop in a folder of its own and in one engine, gone when the test is finished. */
export interface Shop extends TestProject {
  /** Rows in the order of the columns, all values as texts. */
  rows(columns: string, relation: string): Promise<readonly (readonly unknown[])[]>;
  /** Names of the tables and views of a schema. */
  relationsOf(schema: string): Promise<readonly string[]>;
  /** Runs velo against `prod` or `dev`, and expects exit code 0. */
  run(target: 'prod' | 'dev', ...args: readonly string[]): Promise<CliResult>;
  /** Replaces text in a file, which must hold it. */
  edit(path: string, from: string, to: string): void;
}

type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

export async function openShopInDuckdb(): Promise<Shop> {
  const dir = copyShop();
  return openShop(dir, {}, (sql) => query(join(dir, 'shop.duckdb'), sql));
}

export async function openShopInPostgres(): Promise<Shop> {
  const server = await createDatabase();
  onTestFinished(() => dropDatabase(server).then(() => undefined));
  const settings = {
    SHOP_TARGET_PREFIX: 'pg_',
    SHOP_PG_HOST: server.host,
    SHOP_PG_PORT: String(server.port),
    SHOP_PG_USER: server.user,
    SHOP_PG_PASSWORD: server.password,
    SHOP_PG_DATABASE: server.name,
  };
  return openShop(copyShop(), settings, (sql) => inDatabase(server, sql));
}

function copyShop(): string {
  const dir = mkdtempSync(join(tmpdir(), 'velo-corner-shop-'));
  cpSync(SOURCE, dir, { recursive: true });
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function openShop(dir: string, env: Readonly<Record<string, string>>, ask: Ask): Shop {
  const project = openProject(dir, {});
  return {
    ...project,
    async rows(columns, relation) {
      const names = columns.split(', ');
      const list = names.map((name) => `cast(${name} as varchar)`).join(', ');
      const order = names.map((_, at) => at + 1).join(', ');
      return await ask(`select ${list} from ${relation} order by ${order}`);
    },
    async relationsOf(schema) {
      const rows = await ask(
        `select table_name from information_schema.tables where table_schema = '${schema}' order by 1`,
      );
      return rows.map(([name]) => String(name));
    },
    async run(target, ...args) {
      const name = `${env['SHOP_TARGET_PREFIX'] ?? ''}${target}`;
      const result = await project.velo([...args, '--target', name], { env });
      expect(result.exitCode, result.stdout + result.stderr).toBe(0);
      return result;
    },
    edit(path, from, to) {
      const before = project.read(path);
      expect(before).toContain(from);
      project.write({ [path]: before.replace(from, to) });
    },
  };
}
