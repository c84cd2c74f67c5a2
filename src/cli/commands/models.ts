import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exportModel, importModel, pruneModels } from '../../api/exchange-models.ts';
import { importTextModel, type TextImport } from '../../api/import-text-model.ts';
import {
  type AliasChange,
  findVersion,
  promoteModel,
  readModels,
  rollbackModel,
} from '../../api/models.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigError } from '../../core/errors.ts';
import { compareModels, modelReport, modelsTable } from '../reporters/models-report.ts';
import { plural } from '../terminal/number.ts';
import { columnsOf } from '../terminal/screen.ts';
import type { CommandModule, Invocation } from './command.ts';
import { apiOptions, wholeNumber } from './options.ts';
import { printEvents } from './print-events.ts';

type Action = (invocation: Invocation, names: readonly string[]) => Promise<string>;

/** What `velo models` can do; adding an action is one entry. */
const ACTIONS: Readonly<Record<string, Action>> = {
  async list(invocation, [name]) {
    const content = await readModels(api(invocation), name);
    return isJson(invocation) ? json(content.versions) : modelsTable(content, width(invocation));
  },
  async show(invocation, names) {
    const name = named(names, 0, 'show', 'a name');
    const found = findVersion(await readModels(api(invocation), name), name, names[1]);
    if (isJson(invocation)) return json(found);
    return modelReport(
      found,
      width(invocation),
      invocation.context.display(invocation.options).style,
    );
  },
  async compare(invocation, names) {
    const name = named(names, 0, 'compare', 'a name');
    const content = await readModels(api(invocation), name);
    const wanted =
      names.length > 1 ? names.slice(1) : content.versions.map(({ version }) => String(version));
    const found = wanted.map((one) => findVersion(content, name, one));
    return isJson(invocation) ? json(found) : compareModels(found, width(invocation));
  },
  async promote(invocation, names) {
    const version = named(names, 1, 'promote', 'a name and a version');
    return changeText(
      await promoteModel(api(invocation), names[0] ?? '', version, alias(invocation)),
    );
  },
  async rollback(invocation, names) {
    const name = named(names, 0, 'rollback', 'a name');
    return changeText(await rollbackModel(api(invocation), name, alias(invocation)));
  },
  async export(invocation, names) {
    const name = named(names, 0, 'export', 'a name');
    const folder = folderOf(invocation, `${name}-model`);
    const { modelId } = await exportModel(api(invocation), name, names[1], folder);
    return `Wrote ${modelId} to ${folder}`;
  },
  async import(invocation, [path]) {
    const from = resolve(path ?? folderOf(invocation, '.'));
    const { modelId } = await ((await isFile(from))
      ? importTextModel(api(invocation), from, textImport(invocation))
      : importModel(api(invocation), from));
    return `Registered ${modelId}; velo models promote makes it the champion`;
  },
  async prune(invocation) {
    const keep = wholeNumber(invocation.options['keep'], '--keep', 0) ?? KEPT;
    const { versions, folders, searches } = await pruneModels(api(invocation), keep);
    const lines = versions.map(({ modelId }) => `  ${modelId}`);
    const removed = [
      plural(versions.length, 'version'),
      plural(folders.length, 'folder'),
      ...(searches > 0 ? [plural(searches, 'old search', 'old searches')] : []),
    ];
    const text = `Removed ${removed.slice(0, -1).join(', ')} and ${removed.at(-1)}`;
    return [text, ...lines].join('\n');
  },
};

/** Versions of each name that stay when nobody says how many. */
const KEPT = 5;

/** Looks after the registry of trained models. Exit codes: 0 done, 2 it cannot be done. */
export const run: CommandModule['run'] = async (invocation) => {
  const [action = 'list', ...names] = invocation.args;
  const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!perform) {
    const known = Object.keys(ACTIONS);
    throw new ConfigError('usage', `velo models has no '${action}'`, {
      hint: didYouMean(action, known) ?? `it can ${known.join(', ')}`,
    });
  }
  invocation.context.stdout.write(`${await perform(invocation, names)}\n`);
  return 0;
};

const api = (invocation: Invocation) => apiOptions(invocation, printEvents(invocation));

const width = ({ context }: Invocation): number => columnsOf(context.stdout);

const isJson = ({ options }: Invocation): boolean => options['output'] === 'json';

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() === true;

const given = ({ options }: Invocation, name: string): string | undefined =>
  typeof options[name] === 'string' ? options[name] : undefined;

const textImport = (invocation: Invocation): TextImport => ({
  name: given(invocation, 'name'),
  trainedTo: given(invocation, 'trainedTo'),
});

const alias = (invocation: Invocation): string | undefined => given(invocation, 'alias');

const folderOf = (invocation: Invocation, usual: string): string =>
  resolve(given(invocation, 'folder') ?? usual);

function named(names: readonly string[], index: number, action: string, what: string): string {
  const name = names[index];
  if (name !== undefined) return name;
  throw new ConfigError('usage', `velo models ${action} needs ${what}`, {
    hint: 'velo models list shows what there is',
  });
}

const changeText = ({ alias: name, from, to }: AliasChange): string =>
  from?.version === to.version
    ? `${to.modelId} is the ${name} already`
    : `${to.modelId} is the ${name} now${from ? `, before it was version ${from.version}` : ''}`;
