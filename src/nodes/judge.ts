import type { TestConfig } from './config-schemas.ts';

export interface Verdict {
  readonly status: 'pass' | 'warn' | 'fail' | 'error';
  readonly message: string;
}

/** dbt's rule: error_if counts only at severity error, then warn_if. */
export function judge(failures: number, config: TestConfig): Verdict {
  const isError = config.severity.toLowerCase() === 'error';
  const got = `Got ${failures} result${failures === 1 ? '' : 's'}, configured to`;
  if (isError && exceeds(failures, config.error_if)) {
    return { status: 'fail', message: `${got} fail if ${config.error_if}` };
  }
  if (exceeds(failures, config.warn_if)) {
    return { status: 'warn', message: `${got} warn if ${config.warn_if}` };
  }
  return { status: 'pass', message: '' };
}

function exceeds(failures: number, threshold: string): boolean {
  const [, operator = '', number = ''] = /^\s*(\D+?)\s*(\d+)\s*$/.exec(threshold) ?? [];
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
