import type { TestConfig } from './config-schemas.ts';

export interface Verdict {
  readonly status: 'pass' | 'warn' | 'fail' | 'error';
  readonly message: string;
}

/** Whether it must be known how many rows were looked at. */
export const judgesShare = ({ error_if, warn_if }: TestConfig): boolean =>
  error_if.includes('%') || warn_if.includes('%');

/**
 * dbt's rule: error_if counts only at severity error, then warn_if; velo's severity info passes and tells. Thresholds in percent are of `total`, the rows that
 * were looked at.
 */
export function judge(failures: number, config: TestConfig, total?: number): Verdict {
  const severity = config.severity.toLowerCase();
  const share = total === undefined ? '' : ` of ${total}`;
  const got = `Got ${failures} result${failures === 1 ? '' : 's'}${share}, configured to`;
  const exceeds = (threshold: string) =>
    threshold.includes('%')
      ? exceedsShare(failures, total ?? 0, threshold)
      : isBeyond(failures, threshold);
  if (severity === 'error' && exceeds(config.error_if)) {
    return { status: 'fail', message: `${got} fail if ${config.error_if}` };
  }
  if (exceeds(config.warn_if)) {
    if (severity === 'info') return { status: 'pass', message: `${got} tell if ${config.warn_if}` };
    return { status: 'warn', message: `${got} warn if ${config.warn_if}` };
  }
  return { status: 'pass', message: '' };
}

/** None of no rows is no share of them: only what is absolute can be beyond that. */
const exceedsShare = (failures: number, total: number, threshold: string): boolean =>
  isBeyond(total === 0 ? 0 : (failures / total) * 100, threshold);

function isBeyond(failures: number, threshold: string): boolean {
  const [, operator = '', number = ''] = /^\s*([^\d\s]+)\s*([\d.]+)\s*%?\s*$/.exec(threshold) ?? [];
  const limit = Number(number);
  switch (operator) {
    case '>':
      return failures > limit;
    case '>=':
      return failures >= limit;
    case '<':
      return failures < limit;
    case '<=':
      return failures <= limit;
    case '=':
    case '==':
      return failures === limit;
    default:
      return failures !== limit;
  }
}
