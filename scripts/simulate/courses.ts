export type Surface = 'TURF' | 'AWT';

/** What a stall is worth at some trips of a course. */
interface DrawBias {
  readonly surface: Surface;
  readonly fromM: number;
  readonly toM: number;
  /** Pounds between the lowest and the highest stall on good ground; positive favours low. */
  readonly lowLbs: number;
  /** Pounds added to lowLbs per unit of wetness (0 firm … 1 heavy). */
  readonly wetLbs: number;
}

/** A made-up racecourse. */
export interface Course {
  readonly code: string;
  readonly name: string;
  readonly surfaces: readonly Surface[];
  /** Says YIELDING where others say GOOD TO SOFT. */
  readonly saysYielding: boolean;
  /** Average wetness of its turf, 0 firm … 1 heavy. */
  readonly wetness: number;
  /** Factor on running times. */
  readonly pace: number;
  /** Pounds that leading is worth against coming from last. */
  readonly frontLbs: number;
  readonly draws: readonly DrawBias[];
}

export const DISTANCES_M: readonly number[] = [1000, 1200, 1400, 1600, 1800, 2000, 2400];

const TURF: readonly Surface[] = ['TURF'];
const AWT: readonly Surface[] = ['AWT'];
const BOTH: readonly Surface[] = ['TURF', 'AWT'];

function sprintBias(surface: Surface, lowLbs: number, wetLbs: number): DrawBias {
  return { surface, fromM: 1000, toM: 1200, lowLbs, wetLbs };
}

function course(
  code: string,
  name: string,
  surfaces: readonly Surface[],
  wetness: number,
  frontLbs: number,
  draws: readonly DrawBias[] = [],
): Course {
  const pace = 1 + ((wetness * 7 + frontLbs) % 1) * 0.012;
  return { code, name, surfaces, wetness, frontLbs, draws, pace, saysYielding: wetness >= 0.5 };
}

/** In order of importance: a small simulation uses the first few. */
export const COURSES: readonly Course[] = [
  course('KEM', 'Kemble Park', BOTH, 0.36, 3.5, [
    sprintBias('TURF', 13, -6),
    sprintBias('AWT', 10, 0),
  ]),
  course('ASH', 'Ashcombe', TURF, 0.42, 0.4, [
    { surface: 'TURF', fromM: 1000, toM: 1400, lowLbs: -2, wetLbs: -8 },
  ]),
  course('THO', 'Thornwick', AWT, 0.4, 1.6),
  course('LAR', 'Larkmoor', TURF, 0.53, 2.2, [
    { surface: 'TURF', fromM: 1400, toM: 1800, lowLbs: 5, wetLbs: 2 },
  ]),
  course('PNS', 'Port Ness', BOTH, 0.46, 1.1),
  course('DUN', 'Dunsallow', TURF, 0.55, 0.2, [sprintBias('TURF', -6, 4)]),
  course('WEX', 'Wexborough', AWT, 0.4, 2.9, [sprintBias('AWT', 6, 0)]),
  course('HOL', 'Hollin Bridge', TURF, 0.44, 1.3),
  course('MER', 'Merrowdown', TURF, 0.33, 2.4, [sprintBias('TURF', 4, -2)]),
  course('STR', 'Strathlow', TURF, 0.57, 0.8),
  course('CAL', 'Calder Vale', BOTH, 0.47, 1.9),
  course('OAK', 'Oakhanger', TURF, 0.38, 0.6, [sprintBias('TURF', -3, -3)]),
  course('BRE', 'Brendon Sands', AWT, 0.4, 2.1),
  course('GAL', 'Galtrim', TURF, 0.6, 1.4),
  course('RIV', 'Rivermead', TURF, 0.41, 1.7, [sprintBias('TURF', 5, 0)]),
  course('TOR', 'Torquill', TURF, 0.52, 0.9),
  course('VEN', 'Vennerby', AWT, 0.4, 0.7),
  course('LOX', 'Loxley Heath', TURF, 0.35, 2.6),
  course('CUR', 'Curraglen', TURF, 0.58, 1.2, [sprintBias('TURF', -4, 6)]),
  course('MAR', 'Marsh End', BOTH, 0.45, 1.5),
  course('SAL', 'Saltfleet Rise', TURF, 0.4, 0.3),
  course('NOR', 'Northolme', TURF, 0.48, 2),
  course('ELD', 'Elderslie', TURF, 0.54, 1),
  course('QUA', 'Quarley Downs', TURF, 0.37, 2.3),
];

/** Pounds the stall is worth, 0 for the middle of the stalls. `wetness` 0 firm … 1 heavy. */
export function drawAdvantageLbs(
  where: { readonly course: Course; readonly surface: Surface; readonly distanceM: number },
  wetness: number,
  draw: number,
  stalls: number,
): number {
  const bias = where.course.draws.find(
    (one) =>
      one.surface === where.surface && one.fromM <= where.distanceM && where.distanceM <= one.toM,
  );
  if (bias === undefined) return 0;
  return (bias.lowLbs + bias.wetLbs * wetness) * (0.5 - (draw - 0.5) / stalls);
}
