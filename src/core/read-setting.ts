import type { z } from 'zod';
import { ConfigError } from './errors.ts';
import { issueText } from './schema-issue.ts';
import type { Span } from './span.ts';

/** A setting that is a mapping, by its schema. `hint`: how one is written. @throws ConfigError 'invalid-config' with all that is wrong */
export function readSetting<S extends z.ZodType>(
  schema: S,
  key: string,
  value: unknown,
  { span, hint }: { readonly span?: Span; readonly hint?: string } = {},
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    `${issue.path.join('.')} ${issueText(issue)}`.trim(),
  );
  throw new ConfigError('invalid-config', `${key} ${faults.join('; ')}`, { span, hint });
}
