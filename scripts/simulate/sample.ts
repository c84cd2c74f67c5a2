import type { WorldSettings } from './world.ts';
import { type CsvPaths, csvPaths } from './write-csv.ts';

/** The world of the shipped seeds; the seed was chosen so that every position code and going word occurs. */
export const SAMPLE: WorldSettings = { seed: 73, firstSeason: 2024, seasons: 2, runs: 9500 };

/** The shipped files in a folder of seeds. */
export function samplePaths(folder: string): CsvPaths {
  return csvPaths(folder, 'sample_');
}

/** The world of fixtures/rpscrape; the seed was chosen so that a void race, dead heats and codes occur. */
export const SMALL: WorldSettings = { seed: 32, firstSeason: 2025, seasons: 1, runs: 700 };
