import { jockeyName, trainerName } from './names.ts';
import { pickWeighted, type Random } from './random.ts';

/** Share of yesterday's form left today: half of a hot spell is gone after a month. */
const FORM_MEMORY = 0.977;
const TRAINER_FORM_LBS = 3.4;
const JOCKEY_FORM_LBS = 1.8;

export interface Jockey {
  readonly id: string;
  /** Lasting worth in pounds, 0 for the average. */
  readonly skillLbs: number;
  /** Today's deviation from it. */
  formLbs: number;
  /** How often owners ask for the jockey. */
  readonly demand: number;
}

export interface Trainer {
  readonly id: string;
  readonly skillLbs: number;
  formLbs: number;
  /** Share of the horses sent to the stable. */
  readonly size: number;
  /** The stable's first call on a rider, worth an understanding of some pounds. */
  retained: Jockey;
  readonly understandingLbs: number;
}

export function createJockey(random: Random, index: number): Jockey {
  const skillLbs = random.normal(0, 3);
  const demand = 1 + Math.max(0, skillLbs + 3) * 0.7;
  return { id: jockeyName(index), skillLbs, formLbs: random.normal(0, JOCKEY_FORM_LBS), demand };
}

export function createTrainer(random: Random, index: number, jockeys: readonly Jockey[]): Trainer {
  const skillLbs = random.normal(0, 2.6);
  return {
    id: trainerName(index),
    skillLbs,
    formLbs: random.normal(0, TRAINER_FORM_LBS),
    size: (0.3 + random.wait(1)) * (1 + Math.max(-0.5, skillLbs / 8)),
    retained: pickWeighted(random, jockeys, (jockey) => jockey.demand),
    understandingLbs: random.uniform() * 2.5,
  };
}

/** Moves everyone's form by one day. */
export function moveForm(
  random: Random,
  jockeys: readonly Jockey[],
  trainers: readonly Trainer[],
): void {
  const step = Math.sqrt(1 - FORM_MEMORY * FORM_MEMORY);
  for (const jockey of jockeys) {
    jockey.formLbs = FORM_MEMORY * jockey.formLbs + random.normal(0, JOCKEY_FORM_LBS * step);
  }
  for (const trainer of trainers) {
    trainer.formLbs = FORM_MEMORY * trainer.formLbs + random.normal(0, TRAINER_FORM_LBS * step);
  }
}
