import { readEnvironment } from '../src/config/environment.ts';

/** `npm run load`: as often as the documents promise. Every other test run does what has to be repeated a few times. */
export const isFull = readEnvironment()['VELO_LOAD'] === 'full';

/** How often something is repeated that shows more the more often it is done. */
export const rounds = (few: number, full: number): number => (isFull ? full : few);
