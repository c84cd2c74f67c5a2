import { classProfile } from './features/class-profile.ts';
import { connections } from './features/connections.ts';
import { courseGoingBias } from './features/course-going-bias.ts';
import { drawBias } from './features/draw-bias.ts';
import type { FeatureTable } from './features/history.ts';
import { horseElo } from './features/horse-elo.ts';
import { horseForm } from './features/horse-form.ts';
import { horsePreferences } from './features/horse-preferences.ts';
import { horseSectionals } from './features/horse-sectionals.ts';
import { horseSuitability } from './features/horse-suitability.ts';
import { trainerJockeyCombo } from './features/trainer-jockey-combo.ts';
import { trainingDataset } from './features/training-dataset.ts';
import { jockeyVelocity, trainerVelocity } from './features/velocity.ts';

export interface ReferenceTable {
  readonly name: string;
  readonly keys: readonly string[];
  readonly rows: FeatureTable;
}

/** Every table the reference covers. */
export const featureTables: readonly ReferenceTable[] = [
  { name: 'trainer_velocity', keys: ['trainer_id', 'as_of_date'], rows: trainerVelocity },
  { name: 'jockey_velocity', keys: ['jockey_id', 'as_of_date'], rows: jockeyVelocity },
  {
    name: 'trainer_jockey_combo',
    keys: ['trainer_id', 'jockey_id', 'as_of_date'],
    rows: trainerJockeyCombo,
  },
  { name: 'horse_form', keys: ['horse_id', 'as_of_date'], rows: horseForm },
  {
    name: 'course_going_bias',
    keys: ['course', 'going_group', 'attribute', 'as_of_date'],
    rows: courseGoingBias,
  },
  {
    name: 'draw_bias',
    keys: ['course', 'distance_band', 'going_group', 'as_of_date'],
    rows: drawBias,
  },
  { name: 'horse_elo', keys: ['horse_id', 'as_of_date'], rows: horseElo },
  { name: 'horse_sectionals', keys: ['horse_id', 'as_of_date'], rows: horseSectionals },
  { name: 'connections', keys: ['race_id', 'horse_id', 'as_of_date'], rows: connections },
  {
    name: 'horse_preferences',
    keys: ['race_id', 'horse_id', 'as_of_date'],
    rows: horsePreferences,
  },
  {
    name: 'horse_suitability',
    keys: ['race_id', 'horse_id', 'as_of_date'],
    rows: horseSuitability,
  },
  { name: 'class_profile', keys: ['race_id', 'horse_id', 'as_of_date'], rows: classProfile },
  {
    name: 'training_dataset',
    keys: ['race_id', 'horse_id', 'as_of_date'],
    rows: trainingDataset,
  },
];
