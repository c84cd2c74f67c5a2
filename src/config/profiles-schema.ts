import * as z from 'zod';
import { count, flag, open, optional, text, textOrOpen, texts } from './yaml-values.ts';

const common = {
  schema: optional(text, 'Where relations go.'),
  threads: optional(count, 'Nodes at once.'),
};

const attachment = z.strictObject({
  path: z.string().describe('File or address of the database.'),
  alias: optional(text, 'Its name in SQL.'),
  type: optional(text, 'sqlite, postgres …; default DuckDB.'),
  read_only: optional(flag, 'True: it is not written to.'),
  secret: optional(text, 'Secret to open it with.'),
  options: optional(open, 'Further options of ATTACH.'),
  is_ducklake: optional(flag, 'True: it is a DuckLake catalog.'),
});

const plugin = z.strictObject({
  module: z.string().describe('Its Python module.'),
  alias: optional(text, 'Its name in models.'),
  config: optional(open, 'Its settings.'),
});

const retries = z.strictObject({
  connect_attempts: optional(count, 'Tries to open the file.'),
  query_attempts: optional(count, 'Tries of one statement.'),
  retryable_exceptions: optional(texts, 'Errors that are tried again.'),
});

const duckdb = z
  .strictObject({
    type: z.literal('duckdb').describe('The database: duckdb.'),
    path: optional(text, "File, relative to the folder velo runs in, or ':memory:'."),
    database: optional(text, "Name of the database; DuckDB takes the file's."),
    ...common,
    memory_limit: optional(text, "velo's own: most memory of the engine, 4GB."),
    temp_directory: optional(text, "velo's own: where large sorts and joins spill."),
    settings: optional(open, 'Settings of DuckDB, set in each session.'),
    config_options: optional(open, 'Settings of DuckDB, set when the file is opened.'),
    extensions: optional(z.array(textOrOpen), 'Extensions to load; {name, repo} for other places.'),
    attach: optional(z.array(attachment), 'Further databases to attach.'),
    secrets: optional(z.array(open), "DuckDB's secrets: {type: s3, provider: credential_chain}."),
    external_root: optional(text, 'Folder of models written as files.'),
    filesystems: optional(z.array(open), 'Python file systems; of dbt.'),
    plugins: optional(z.array(plugin), 'Python plugins; of dbt.'),
    module_paths: optional(texts, 'Folders of Python modules; of dbt.'),
    use_credential_provider: optional(text, 'Old way to take credentials of AWS.'),
    remote: optional(open, 'A remote DuckDB; of dbt.'),
    keep_open: optional(flag, 'Keep the file open between statements.'),
    disable_transactions: optional(flag, 'No transactions; of dbt.'),
    is_ducklake: optional(flag, 'True: path is a DuckLake catalog.'),
    retries: optional(retries, 'What is tried again.'),
  })
  .meta({ id: 'duckdbTarget', title: 'A DuckDB target' });

const password = optional(
  text,
  "Password; better {{ env_var('…') }}, or none: PGPASSWORD, ~/.pgpass.",
);
const database = optional(text, 'The database.');

/** dbt takes each of two names for some keys. The password may come from elsewhere: ~/.pgpass, PGPASSWORD. */
const postgres = z
  .strictObject({
    type: z.literal('postgres').describe('The database: postgres.'),
    host: z.string().describe('Where the server is.'),
    user: z.string().describe('Who connects.'),
    password,
    pass: password,
    password_command: optional(text, "velo's own: a command that prints the password."),
    port: count.describe('5432, unless the server has another.'),
    dbname: database,
    database,
    ...common,
    schema: z.string().describe('Where relations go.'),
    search_path: optional(text, 'Schemas to look in for names without one.'),
    role: optional(text, 'Role to take after connecting.'),
    connect_timeout: optional(count, 'Seconds to wait for a connection; 10.'),
    keepalives_idle: optional(count, 'Seconds before an idle connection is probed.'),
    sslmode: optional(text, 'disable, prefer, require, verify-ca or verify-full.'),
    sslcert: optional(text, 'File of the certificate.'),
    sslkey: optional(text, 'File of its key.'),
    sslrootcert: optional(text, 'File of the authority.'),
    application_name: optional(text, 'What the server lists the connection as.'),
    retries: optional(count, 'Further tries to connect; 1.'),
    statement_timeout: optional(count, "velo's own: seconds a statement may take; 0: any."),
    lock_timeout: optional(count, "velo's own: seconds to wait for a lock; 0: any."),
    session_settings: optional(
      open,
      'Parameters of the server for each session, such as work_mem.',
    ),
  })
  .refine((target) => (target.dbname ?? target.database ?? null) !== null, 'needs a dbname')
  .meta({
    id: 'postgresTarget',
    title: 'A Postgres target',
    anyOf: [{ required: ['dbname'] }, { required: ['database'] }],
  });

const profile = z
  .strictObject({
    target: optional(text, "The output that is used without --target; 'default'."),
    outputs: z
      .record(
        z.string(),
        z.discriminatedUnion('type', [duckdb, postgres], 'must be duckdb or postgres'),
      )
      .describe('Targets by name.'),
  })
  .meta({ id: 'profile', title: 'A profile' });

/** profiles.yml: profiles by name; `config` was dbt's place for flags. */
export const profilesSchema = z
  .object({ config: optional(open, "Old place of flags; they go into the project file's flags.") })
  .catchall(profile)
  .meta({ title: 'profiles.yml', description: 'Where projects are built.' });
