import { DatabaseError, ProjectError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import { addLength } from '../core/length-of-time.ts';
import type { ModelReport, ModelVersion } from '../core/model-version.ts';
import type { Node } from '../core/node.ts';
import { chooseFeatures, type FeatureRequest } from '../modeling/choose-features.ts';
import { readTrainingRows, type TrainingRows } from '../modeling/read-training-rows.ts';
import { registerModel } from '../modeling/register-model.ts';
import { type JudgedModel, trainAndJudge } from '../modeling/train-and-judge.ts';
import type { TrainSettings } from '../modeling/train-settings.ts';
import { readRegistry } from '../state/registry.ts';
import { prepareRegistry } from '../state/registry-schema.ts';
import type { ModelConfig } from './config-schemas.ts';
import type { Compiled } from './ctes.ts';
import { locally } from './errors-at-node.ts';
import { locateError } from './locate-error.ts';
import { materialize } from './materialize.ts';
import type { BuildContext, Builder, BuildOutcome } from './node-kind.ts';
import { trainSettingsOf } from './train-settings.ts';

/** Trains a model on the rows of its SELECT, judges it, and registers it if it passes its gate. */
export const trainBuilder: Builder = {
  claims: ({ kind, materialized }) => kind === 'model' && materialized === 'train',
  async build(node, context) {
    const settings = trainSettingsOf(node.name, node.config as ModelConfig, () => node.span);
    const compiled = await context.compile(node, { batch: undefined, isIncremental: false });
    const { models, connection, dialect } = context;
    for (const statement of prepareRegistry(dialect, models.tables)) {
      await connection.execute(statement);
    }
    const registry = await readRegistry(connection, dialect, models.tables, settings.name);
    const codeFingerprint = hashOf(node.fingerprint);
    const stands = context.existing === 'table';
    // The node's table has the rows of the newest version: those of an older one would be others.
    const newest = stands ? registry.versions.at(-1) : undefined;
    const isOfCode = newest?.codeFingerprint === codeFingerprint;
    if (newest && isOfCode && (await isRecent(newest, settings, compiled, context))) {
      return asBefore(newest, compiled);
    }
    const rows = await readRows(node, settings, compiled, context);
    const trainFingerprint = hashOf([codeFingerprint, rows.fingerprint]);
    if (newest?.trainFingerprint === trainFingerprint) return asBefore(newest, compiled);
    const trained = await locally(node, () =>
      trainAndJudge(rows, settings, registry, models, (text) => models.say(node.id, text)),
    );
    if (trained.warnings.length > 0) {
      models.warn(`${node.name}: ${trained.warnings.join('; ')}`, node.span);
    }
    checkGate(node, trained.report);
    const registration = { settings, rows, registry, codeFingerprint, trainFingerprint };
    const version = await registerModel(trained, registration, context, models);
    const outcome = await publish(node, trained, compiled, context);
    return { ...outcome, tell: (isKept) => models.trained(node.id, version, isKept) };
  },
};

const DAY_MS = 86_400_000;

/** Whether the newest row is not yet so much later than those a version was judged on. */
async function isRecent(
  { metrics: { test } }: ModelVersion,
  { retrainAfter, eventTime, target }: TrainSettings,
  { sql }: Compiled,
  { connection, dialect }: BuildContext,
): Promise<boolean> {
  if (!retrainAfter || !test) return false;
  const { quote } = dialect;
  const [row] = await connection.query(
    `select cast(max(cast(${quote(eventTime)} as date)) as varchar) as newest
from (\n${sql}\n) as velo_training where ${quote(target)} is not null`,
  );
  const judgedTo = Date.parse(test.to);
  const newest = Date.parse(String(row?.['newest']));
  // Rows of before the end of its test that went away or came late do not count either.
  return newest + DAY_MS <= addLength(judgedTo + DAY_MS, retrainAfter, 1);
}

/** The rows of a model that was trained on just these rows before, and is registered, stand as they are. */
const asBefore = ({ modelId }: ModelVersion, { sql }: Compiled): BuildOutcome => ({
  rows: undefined,
  removed: undefined,
  message: `${modelId} as before`,
  compiledCode: sql,
});

async function readRows(
  node: Node,
  settings: TrainSettings,
  compiled: Compiled,
  context: BuildContext,
): Promise<TrainingRows> {
  const { connection, dialect } = context;
  try {
    const { table } = await connection.fetch(
      `select * from (\n${compiled.sql}\n) as velo_training limit 0`,
    );
    const features = chooseFeatures(
      table.columns,
      featureRequest(node, settings, context),
      node.span,
    );
    return await readTrainingRows(compiled.sql, table.columns, features, settings, {
      connection,
      dialect,
      span: node.span,
    });
  } catch (error) {
    throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
  }
}

function featureRequest(
  node: Node,
  settings: TrainSettings,
  context: BuildContext,
): FeatureRequest {
  const { target, eventTime, group, weight, price, key, include, exclude, categorical } = settings;
  const taken = [target, eventTime, group, weight, price, ...key].flatMap((name) => name ?? []);
  return {
    include,
    exclude,
    categorical,
    taken: new Set(taken),
    outcomes: outcomesAbove(node, context),
  };
}

/** Columns that inputs of the node call outcomes or labels, and where they say so. */
function outcomesAbove(node: Node, { resolve }: BuildContext): ReadonlyMap<string, string> {
  const outcomes = new Map<string, string>();
  for (const reference of node.references) {
    const input = resolve(node, reference);
    for (const { name, outcome, label } of input.columns) {
      if (label) outcomes.set(name, `${input.name} calls it a label`);
      else if (outcome !== undefined && outcome !== false) {
        outcomes.set(name, `${input.name} calls it an outcome`);
      }
    }
  }
  return outcomes;
}

/** @throws ProjectError 'model-gate' with every rule that did not hold */
function checkGate(node: Node, { gate }: ModelReport): void {
  const failed = gate.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  const reasons = failed.map(({ rule, found }) => `${rule}: ${found}`);
  throw new ProjectError(
    'model-gate',
    `${node.name} did not pass its gate: ${reasons.join('; ')}`,
    { span: node.span, hint: 'the champion stays; nothing of the new model is kept' },
  );
}

/** The rows that were foretold, under the node's name. */
async function publish(
  node: Node,
  { predictions }: JudgedModel,
  compiled: Compiled,
  context: BuildContext,
): Promise<BuildOutcome> {
  const loaded = await context.connection.loadColumns(predictions);
  const rows = { sql: `select * from ${loaded}`, placeOf: () => undefined };
  const outcome = await materialize(node, rows, context);
  await context.connection.execute(`drop table ${loaded}`);
  return { ...outcome, compiledCode: compiled.sql };
}
