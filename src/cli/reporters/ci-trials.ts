import type { CheckedNode } from '../../api/check.ts';
import type { JudgedModels } from '../../api/judge-models.ts';
import type { Verified } from '../../api/verify.ts';
import { VeloErrors } from '../../core/errors.ts';
import type { Node } from '../../core/node.ts';
import { PLAIN } from '../terminal/style.ts';
import { type CiCase, errorOutcome, failure, findingsOf } from './ci-case.ts';
import { leakText, suspicionText } from './leakage-report.ts';
import { verifyDetails } from './verify-details.ts';

const WIDTH = 100;

/** A node that was bound: its faults are failures, as nothing else was asked. */
export function caseOfChecked({ node, binding }: CheckedNode, projectDir: string): CiCase {
  const told = { file: node.span.file, name: node.name, durationMs: 0 };
  if (binding.status === 'unknown') return skipped(told, binding.why);
  if (!('errors' in binding) || binding.errors.length === 0) return passed(told);
  const errors = new VeloErrors(binding.errors);
  const outcome = errorOutcome(errors, projectDir);
  return {
    ...told,
    outcome: outcome.kind === 'passed' ? outcome : { ...outcome, kind: 'failure' },
    findings: findingsOf(errors, `${node.kind} ${node.name}`, node.span),
  };
}

/** As_of models whose rows were compared. */
export const casesOfVerified = (
  { models, manifest }: Verified,
  projectDir: string,
): readonly CiCase[] =>
  models.flatMap((model) => {
    const node = manifest.nodes.get(model.node);
    if (!node) return [];
    const told = { file: node.span.file, name: node.name, durationMs: model.durationMs };
    const title = `velo verify: ${node.name}`;
    if (model.error) {
      const outcome = errorOutcome(model.error, projectDir);
      return [{ ...told, outcome, findings: findingsOf(model.error, title, node.span) }];
    }
    if (model.status === 'equal') return [passed(told)];
    if (model.status === 'skipped') return [skipped(told, model.notCompared[0]?.reason ?? '')];
    return [failed(told, node, title, verifyDetails(node, model, WIDTH, PLAIN).join('\n'))];
  });

/** Models that were tried; one that nothing could be tried of is left out. With `strict` suspicions count. */
export function casesOfLeakage(judged: JudgedModels, strict: boolean): readonly CiCase[] {
  const { models, leaks, unsteady, suspicions, unjudged, manifest } = judged;
  return models.map((model) => {
    const told = { file: model.span.file, name: model.name, durationMs: 0 };
    const isOf = (one: { readonly model: Node }) => one.model.id === model.id;
    const counts = strict || unjudged.some(({ id }) => id === model.id);
    const texts = [
      ...leaks.filter(isOf).map((leak) => leakText(leak, judged, PLAIN)),
      ...(counts ? suspicions.filter(isOf).map((one) => suspicionText(one, manifest, PLAIN)) : []),
      ...unsteady.filter(isOf).map(() => 'its rows differ between two builds of the same inputs'),
    ];
    if (texts.length > 0) {
      return failed(told, model, `velo leakage: ${model.name}`, texts.join('\n'));
    }
    return unjudged.some(({ id }) => id === model.id)
      ? skipped(told, 'it has no rows on these days')
      : passed(told);
  });
}

type Told = Pick<CiCase, 'file' | 'name' | 'durationMs'>;

const passed = (told: Told): CiCase => ({ ...told, outcome: { kind: 'passed' }, findings: [] });

const skipped = (told: Told, why: string): CiCase => ({
  ...told,
  outcome: { kind: 'skipped', type: 'skipped', message: why, text: '' },
  findings: [],
});

const failed = (told: Told, { span }: Node, title: string, message: string): CiCase => ({
  ...told,
  outcome: failure('failed', { span, message }),
  findings: [{ level: 'error', span, title, message }],
});
