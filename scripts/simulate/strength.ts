import type { Card, Entry } from './card.ts';
import { drawAdvantageLbs } from './courses.ts';
import { abilityLbs, suitabilityLbs } from './horse.ts';
import { exp } from './portable-math.ts';

/** Scale of the luck in one run, in pounds (Gumbel noise). */
export const LUCK_LBS = 9.9;
/** Pounds of performance lost per pound carried. */
const WEIGHT_EFFECT = 0.85;
const LEVEL_WEIGHT_LBS = 126;

/** What an entry can be expected to do today, in pounds; everything here is fixed before the off. */
export function strengthLbs(card: Card, entry: Entry): number {
  const { horse, jockey } = entry;
  const { trainer } = horse;
  const greenness = horse.runs === 0 ? 5 : horse.runs === 1 ? 1.5 : 0;
  const understanding = trainer.retained === jockey ? trainer.understandingLbs : 0;
  return (
    abilityLbs(horse, card.day) +
    suitabilityLbs(horse, card.distanceM, card.surface, card.wetness) +
    horse.conditionLbs +
    0.5 * trainer.skillLbs +
    trainer.formLbs +
    jockey.skillLbs +
    jockey.formLbs +
    understanding +
    drawAdvantageLbs(card, card.wetness, entry.draw, card.entries.length) -
    (card.course.frontLbs * horse.style) / 2 -
    greenness -
    weightLossLbs(entry)
  );
}

/** Pounds of performance that the weight costs against level weights. */
export function weightLossLbs(entry: Entry): number {
  return WEIGHT_EFFECT * (entry.weightLbs - LEVEL_WEIGHT_LBS);
}

/** Probabilities proportional to e^score; the scores may be any numbers. */
export function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const weights = scores.map((score) => exp(score - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
