import * as z from 'zod';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

const text = z.string().min(1);
const file = text.optional();
const seconds = z.int().min(0);

/** Parameters of the server by name, such as work_mem. */
const sessionSettings = z
  .record(
    z.string().regex(/^[a-z_][a-z0-9_.]*$/i),
    z.union([z.string(), z.number(), z.boolean().transform((on) => (on ? 'on' : 'off'))]),
  )
  .nullish();

const keys = z.strictObject({
  type: z.literal('postgres'),
  host: text,
  port: z.int().min(1).max(65_535).default(5432),
  user: text,
  password: z.coerce.string().optional(),
  pass: z.coerce.string().optional(),
  password_command: text.optional(),
  dbname: text.optional(),
  database: text.optional(),
  schema: text,
  threads: z.int().min(1).default(4),
  search_path: text.nullish(),
  role: text.nullish(),
  session_settings: sessionSettings,
  connect_timeout: seconds.default(10),
  statement_timeout: seconds.default(0),
  lock_timeout: seconds.default(0),
  keepalives_idle: seconds.default(0),
  retries: z.int().min(0).default(1),
  sslmode: z.enum(SSL_MODES).nullish(),
  sslcert: file,
  sslkey: file,
  sslrootcert: file,
  application_name: text.default('velo'),
});

const target = keys
  .refine(({ dbname, database }) => (dbname ?? database) !== undefined, {
    error: 'is needed: the name of the database',
    path: ['dbname'],
  })
  .refine(({ dbname, database }) => !dbname || !database || dbname === database, {
    error: 'is another name for dbname: give one of them',
    path: ['database'],
  })
  .transform(({ dbname, pass, ...given }) => ({
    ...given,
    database: dbname ?? given.database ?? '',
    password: given.password ?? pass,
  }));

/** A checked target; keys are dbt-postgres's, times in seconds (0: none, or the server's own). */
export type PostgresSettings = Readonly<z.infer<typeof target>>;

/** @throws ZodError also for keys that do not exist. */
export function parsePostgresSettings(input: unknown): PostgresSettings {
  return target.parse(input);
}

/** Keys of a target; none of them has keys of its own. */
export const postgresSettingKeys = ([head]: readonly string[]): readonly string[] =>
  head === undefined ? Object.keys(keys.shape) : [];

/** The database and its server, as people write it; never a password. */
export const describeTarget = ({ user, host, port, database }: PostgresSettings): string =>
  `${user}@${host}:${port}/${database}`;
