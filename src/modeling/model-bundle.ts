import type { Calibration } from '../calibration/calibrator.ts';
import { ProjectError } from '../core/errors.ts';
import type { ClassValue, FeatureSchema } from '../core/model-version.ts';
import type { ArtifactFiles } from './artifact-store.ts';

/** Raised when the shape of `model.json` changes; older files stay readable. */
const BUNDLE_FORMAT = 2;

/** Its folds had one calibrator, which knew all their days: they may not speak of the past. */
const SHARED_CALIBRATOR = 1;

const BUNDLE_FILE = 'model.json';

/** A trained model of its estimator, and the days it can be asked about without having seen them. */
export interface StoredModel {
  /** As the estimator writes it: LightGBM's own text, or JSON. */
  readonly text: string;
  /** First day it may judge: all its training rows are of earlier days. Days since 1970-01-01. */
  readonly from: number;
  /** First day it may not; undefined: no end. */
  readonly to: number | undefined;
  /** Texts of its categories, by feature, in the order of their codes: those of its own training rows. */
  readonly categories?: Categories | undefined;
  /** Of a fold: fitted to what was known before its days. Undefined: the bundle's. */
  readonly calibration?: Calibration | undefined;
}

export type Categories = Readonly<Record<string, readonly string[]>>;

/** Everything a model needs to score rows. */
export interface ModelBundle {
  readonly estimator: string;
  readonly objective: string;
  readonly features: readonly FeatureSchema[];
  /** What the target can be, in the order of the model's outputs; undefined unless it foretells classes. */
  readonly classes: readonly ClassValue[] | undefined;
  /** Column whose rows' probabilities add up to 1. */
  readonly normaliseWithin: string | undefined;
  readonly calibration: Calibration;
  readonly main: StoredModel;
  /** Of the folds, which foretell the time before the model's own test. */
  readonly folds: readonly StoredModel[];
}

interface BundleFile {
  readonly format: number;
  readonly estimator: string;
  readonly objective: string;
  readonly features: readonly FeatureSchema[];
  readonly classes?: readonly ClassValue[];
  readonly normaliseWithin?: string;
  readonly calibration: Calibration;
  readonly models: readonly {
    readonly file: string;
    readonly from: number;
    readonly to?: number;
    readonly categories?: Categories;
    readonly calibration?: Calibration;
  }[];
}

/** The files of a bundle: `model.json`, the model itself as `model.txt`, and `fold_1.txt` … */
export function bundleFiles({
  main,
  folds,
  classes,
  normaliseWithin,
  ...bundle
}: ModelBundle): ArtifactFiles {
  const models = [main, ...folds].map(({ text, ...model }, index) => ({
    file: index === 0 ? 'model.txt' : `fold_${index}.txt`,
    text,
    model,
  }));
  const content: BundleFile = {
    format: BUNDLE_FORMAT,
    ...bundle,
    ...(classes === undefined ? {} : { classes }),
    ...(normaliseWithin === undefined ? {} : { normaliseWithin }),
    models: models.map(({ file, model: { from, to, categories, calibration } }) => ({
      file,
      from,
      ...(to === undefined ? {} : { to }),
      ...(categories === undefined ? {} : { categories }),
      ...(calibration === undefined ? {} : { calibration }),
    })),
  };
  return {
    [BUNDLE_FILE]: `${JSON.stringify(content, null, 1)}\n`,
    ...Object.fromEntries(models.map(({ file, text }) => [file, text])),
  };
}

/** Reads the files back; their checksums have been compared. @throws ProjectError 'model-artifact' for a newer format */
export function readBundle(files: ArtifactFiles): ModelBundle {
  const content = JSON.parse(files[BUNDLE_FILE] ?? '{"format":0}') as BundleFile;
  if (content.format !== BUNDLE_FORMAT && content.format !== SHARED_CALIBRATOR) {
    throw new ProjectError(
      'model-artifact',
      `the model's files have format ${content.format}, this velo knows ${BUNDLE_FORMAT}`,
      { hint: 'a newer velo trained it: use that one, or train it again' },
    );
  }
  const { format, models, classes, normaliseWithin, ...bundle } = content;
  const [main, ...folds] = models.map(({ file, from, to, categories, calibration }) => ({
    text: files[file] ?? '',
    from,
    to,
    categories,
    calibration,
  }));
  if (!main)
    throw new ProjectError('model-artifact', 'the model has no trees', { hint: 'train it again' });
  return {
    ...bundle,
    classes,
    normaliseWithin,
    main,
    folds: format === SHARED_CALIBRATOR ? [] : folds,
  };
}
