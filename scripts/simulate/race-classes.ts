/** A rung of the class ladder. */
export interface RaceClass {
  readonly name: string;
  /** Quality of the race; higher is better. */
  readonly rating: number;
  readonly handicap: boolean;
  readonly prize: number;
  /** Ends the race's name. */
  readonly kind: string;
  /** Who is sent there: unraced and winless horses, or by official rating from this value up. */
  readonly entry: 'two-year-old-maidens' | 'older-maidens' | number;
}

/** From the bottom up; ratings decide who climbs and who drops. */
export const RACE_CLASSES: readonly RaceClass[] = [
  maiden('Two-Year-Old Maiden', 'two-year-old-maidens', 20),
  maiden('Maiden Stakes', 'older-maidens', 25),
  handicap(5, 30, 4500, -1000),
  handicap(4, 40, 6500, 58),
  handicap(3, 50, 11000, 68),
  handicap(2, 60, 26000, 79),
  handicap(1, 70, 48000, 89),
  group(3, 80, 65000, 97),
  group(2, 90, 120000, 103),
  group(1, 100, 300000, 108),
];

function maiden(kind: string, entry: RaceClass['entry'], rating: number): RaceClass {
  return { name: 'Maiden', rating, handicap: false, prize: 6000, kind, entry };
}

function handicap(grade: number, rating: number, prize: number, entry: number): RaceClass {
  return { name: `Class ${grade}`, rating, handicap: true, prize, kind: 'Handicap', entry };
}

function group(grade: number, rating: number, prize: number, entry: number): RaceClass {
  return { name: `Group ${grade}`, rating, handicap: false, prize, kind: 'Stakes', entry };
}
