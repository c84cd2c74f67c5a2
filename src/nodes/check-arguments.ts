import type { ZodObject } from 'zod';
import type { Check } from '../checks/check.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, VeloErrors } from '../core/errors.ts';
import { issueText } from '../core/schema-issue.ts';
import type { TestEntry } from './generic-test.ts';

/** Whether a check can be called so. @throws ProjectError, VeloErrors 'invalid-config' */
export function checkArguments(entry: TestEntry, check: Check): void {
  const fail = (message: string, hint?: string) =>
    new ProjectError('invalid-config', `test ${entry.testName}: ${message}`, {
      span: entry.span,
      hint,
    });
  if (check.scope === 'column' && entry.column === undefined)
    throw fail('it belongs under a column');
  if (check.scope === 'model' && entry.column !== undefined) {
    throw fail('it belongs under the model, not under a column');
  }
  const parsed = check.args.safeParse(entry.args, { reportInput: true });
  if (parsed.success) return;
  throw new VeloErrors(
    parsed.error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => fail(`unknown argument '${key}'`, argumentHint(key, check)));
      }
      const name = issue.path.length > 0 ? `argument '${issue.path.join('.')}' ` : '';
      return [fail(name + issueText(issue))];
    }),
  );
}

function argumentHint(key: string, { args }: Check): string {
  const known = Object.keys((args as Partial<ZodObject>).shape ?? {});
  return (
    didYouMean(key, known) ?? (known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes none')
  );
}
