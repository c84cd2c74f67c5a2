import type { Node } from '../../core/node.ts';
import { areEqual } from '../../core/row-differences.ts';
import type { Verification, WayComparison } from '../../core/verification.ts';
import { formatDuration } from '../terminal/duration.ts';
import { plural } from '../terminal/number.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd } from '../terminal/width.ts';

/** `equal      horse_form        40 days, 312 rows: set-based, published  (1.32 s)` */
export function verifyLine(
  node: Node,
  verification: Verification,
  nameWidth: number,
  style: Style,
): string {
  const { status, durationMs } = verification;
  const paint = {
    equal: style.green,
    different: style.red,
    error: style.red,
    skipped: style.yellow,
  };
  const word = paint[status](padEnd(WORDS[status], 9));
  const took = style.dim(`(${formatDuration(durationMs)})`);
  return `${word}  ${padEnd(node.name, nameWidth)}  ${foundText(node, verification)}  ${took}`;
}

const WORDS = {
  equal: 'equal',
  different: 'DIFFERENT',
  error: 'ERROR',
  skipped: 'skipped',
} as const;

function foundText(
  node: Node,
  { status, dates, rows, comparisons, notCompared, error }: Verification,
) {
  const grain = node.asOf?.grain ?? 'day';
  if (error) return error.message.split('\n')[0] ?? '';
  if (status === 'skipped') {
    const reasons = [...new Set(notCompared.map(({ reason }) => reason))];
    return reasons.length > 0 ? reasons.join('; ') : 'it has no dates yet';
  }
  const ways = [
    ...comparisons.map((one) => wayText(one, dates.length, grain)),
    ...notCompared.map(({ way, reason }) => `${way} not compared, ${reason}`),
  ];
  return `${plural(dates.length, grain)}, ${plural(rows, 'row')}: ${ways.join('; ')}`;
}

/** What is equal is only named. */
function wayText({ way, dates, differences }: WayComparison, built: number, grain: string): string {
  if (areEqual(differences)) return dates === built ? way : `${way} (${plural(dates, grain)})`;
  const { length } = differences.dates;
  return `${way} differs${length > 0 ? ` on ${plural(length, grain)}` : ''}`;
}

/** `10 of 11 models are equal, 1 is different.` */
export function verifyClosing(models: readonly Verification[], style: Style): string {
  const count = (status: Verification['status']) =>
    models.filter((one) => one.status === status).length;
  const parts = [
    `${count('equal')} of ${plural(models.length, 'model')} equal`,
    ...(['different', 'skipped', 'error'] as const).flatMap((status) =>
      count(status) > 0 ? [`${count(status)} ${CLOSING[status]}`] : [],
    ),
  ];
  return style.bold(`${parts.join(', ')}.`);
}

const CLOSING = {
  different: 'different',
  skipped: 'skipped',
  error: 'could not be built',
} as const;
