import { type CheckedNode, check } from '../../api/check.ts';
import { renderError } from '../render-error.ts';
import { caseOfChecked } from '../reporters/ci-trials.ts';
import { systemClock } from '../terminal/clock.ts';
import { plural } from '../terminal/number.ts';
import { tellCi } from './ci-targets.ts';
import type { CommandModule, Invocation } from './command.ts';
import { apiOptions, selectOptions } from './options.ts';
import { isQuiet, printEvents } from './print-events.ts';

/** Finds wrong SQL without running any. Exit codes: 0 no fault, 1 faults, 2 could not look. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const startedAt = systemClock.now();
  const checked = await check({
    ...apiOptions(invocation, printEvents(invocation)),
    ...selectOptions(invocation),
  });
  const { projectDir } = context.display(options);
  tellCi(invocation, startedAt, () => checked.map((one) => caseOfChecked(one, projectDir)));
  if (options['output'] === 'json') {
    context.stdout.write(`${JSON.stringify(checked.map(jsonOf), null, 2)}\n`);
    return faultsOf(checked).length > 0 ? 1 : 0;
  }
  const faults = tellFaults(checked, invocation);
  if (!isQuiet(invocation)) context.stdout.write(`${closing(checked, faults)}\n`);
  return faults > 0 ? 1 : 0;
};

/** Writes each fault with its line. @returns how many there are */
export function tellFaults(
  checked: readonly CheckedNode[],
  { options, context }: Invocation,
): number {
  const { projectDir, style } = context.display(options);
  const errors = faultsOf(checked);
  for (const error of errors) {
    context.stderr.write(`${renderError(error, { projectDir, style })}\n\n`);
  }
  return errors.length;
}

const faultsOf = (checked: readonly CheckedNode[]) =>
  checked.flatMap(({ binding }) => ('errors' in binding ? binding.errors : []));

/** `Checked 41 models, 3 seeds and 720 tests: 2 errors`, and what could not be looked at. */
export function closing(checked: readonly CheckedNode[], errors: number): string {
  const count = (kinds: readonly string[]) =>
    checked.filter(({ node, binding }) => kinds.includes(node.kind) && binding.status !== 'unknown')
      .length;
  const models = plural(count(['model', 'snapshot']), 'model');
  const tests = plural(count(['test']), 'test');
  const outcome = errors === 0 ? 'no errors' : plural(errors, 'error');
  return [...notChecked(checked), `Checked ${models} and ${tests}: ${outcome}`].join('\n');
}

/** Names that are told of each cause, and causes. */
const NAMES = 3;
const CAUSES = 10;

function notChecked(checked: readonly CheckedNode[]): readonly string[] {
  const byCause = new Map<string, string[]>();
  for (const { node, binding } of checked) {
    if (binding.status !== 'unknown') continue;
    byCause.set(binding.why, [...(byCause.get(binding.why) ?? []), node.name]);
  }
  const lines = [...byCause].map(([why, names]) => {
    const rest = names.length > NAMES ? ` and ${names.length - NAMES} more` : '';
    return `not checked: ${names.slice(0, NAMES).join(', ')}${rest}: ${why}`;
  });
  const others = lines.length - CAUSES;
  return others > 0
    ? [...lines.slice(0, CAUSES), `not checked: more, for ${plural(others, 'other reason')}`]
    : lines;
}

const jsonOf = ({ node, binding }: CheckedNode) => ({
  node: node.id,
  status: binding.status,
  ...('columns' in binding && { columns: binding.columns }),
  ...('why' in binding && { why: binding.why }),
  ...('errors' in binding && {
    errors: binding.errors.map(({ code, message, hint, span }) => ({
      code,
      message,
      hint,
      ...span,
    })),
  }),
});
