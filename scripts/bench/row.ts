/** What a row must keep to; `atMostRatio` is of its wall time to that of `against`. */
export interface Target {
  readonly atMostMs?: number;
  readonly atMostRatio?: number;
  readonly atMostMb?: number;
}

/** One measurement, each number a median: times in milliseconds, memory in MiB. */
export interface Row {
  readonly name: string;
  readonly runs: number;
  readonly wallMs: number;
  /** User and system time of the process, without that of processes it starts. */
  readonly cpuMs?: number;
  /** Most memory the process held at once. */
  readonly peakMb?: number;
  /** What it is compared with, measured in the same run. */
  readonly against?: { readonly name: string; readonly wallMs: number };
  readonly target?: Target;
}

/** How often its wall time holds that of `against`. */
export function ratioOf({ wallMs, against }: Row): number | undefined {
  return against && wallMs / against.wallMs;
}

/** Undefined without a target. A target on what was not measured counts as missed. */
export function keepsTarget(row: Row): boolean | undefined {
  const { target } = row;
  if (!target) return undefined;
  const pairs = [
    [row.wallMs, target.atMostMs],
    [ratioOf(row), target.atMostRatio],
    [row.peakMb, target.atMostMb],
  ] as const;
  return pairs.every(
    ([value = Number.POSITIVE_INFINITY, limit]) => limit === undefined || value < limit,
  );
}
