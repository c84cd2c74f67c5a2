import type { YamlPath } from '../config/read-yaml.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { collect, ProjectError, type VeloError } from '../core/errors.ts';
import type { DocBlock } from '../core/node.ts';
import { type ContextLayer, layeredContext } from '../jinja/context.ts';
import { render } from '../jinja/render.ts';
import { parseTemplate, type TemplateBlock } from '../jinja/template.ts';
import { bindArguments, type Call, jinjaFunction, toText } from '../jinja/value.ts';
import type { FoundFile } from './discover-files.ts';
import type { ProjectPackage } from './project-packages.ts';
import { readProjectText } from './read-file.ts';
import type { PropertiesSource } from './read-properties.ts';
import type { Describe } from './yaml-entry.ts';

/** Docs blocks by package and name. */
export type DocIndex = ReadonlyMap<string, DocBlock>;

/** Reads the `{% docs %}` blocks of all packages; faults go to `errors`. */
export function readDocs(packages: readonly ProjectPackage[], errors: VeloError[]): DocIndex {
  const index = new Map<string, DocBlock>();
  for (const { name: packageName, files } of packages) {
    for (const file of files.docs) {
      for (const block of docsBlocks(file, errors)) addDoc(block, packageName, file, index, errors);
    }
  }
  return index;
}

function docsBlocks(file: FoundFile, errors: VeloError[]): readonly TemplateBlock[] {
  const text = collect(errors, () => readProjectText(file));
  if (!text?.includes('{%')) return [];
  const template = collect(errors, () => parseTemplate({ file: file.shownPath, text }));
  return (template?.blocks ?? []).filter(({ kind }) => kind === 'docs');
}

function addDoc(
  { name, text, span }: TemplateBlock,
  packageName: string,
  { path }: FoundFile,
  index: Map<string, DocBlock>,
  errors: VeloError[],
): void {
  const key = `${packageName}.${name}`;
  const id = `doc.${packageName}.${name}`;
  if (index.has(key)) errors.push(duplicateDoc(name, index.get(key), span));
  else index.set(key, { id, name, packageName, path, text: text.trim() });
}

function duplicateDoc(name: string, first: DocBlock | undefined, span: ProjectError['span']) {
  return new ProjectError('duplicate-name', `docs block '${name}' exists already`, {
    span,
    hint: `the other one is in ${first?.path}`,
  });
}

/** How descriptions of a package are filled in: `doc('name')` finds its own blocks first, then the root's, then any. */
export function describer(
  packageName: string,
  rootName: string,
  docs: DocIndex,
  names: ContextLayer,
  errors: VeloError[],
): Describe {
  return (text, source, at) => {
    if (!text) return { description: '', docBlocks: [] };
    if (!text.includes('{{') && !text.includes('{%')) return { description: text, docBlocks: [] };
    const used: string[] = [];
    const doc = jinjaFunction('doc', (call) => {
      const block = findDoc(call, [packageName, rootName], docs);
      used.push(block.id);
      return block.text;
    });
    const context = layeredContext([{ doc }, names]);
    const description = collect(errors, () => render(templateAt(text, source, at), context).text);
    return { description: description ?? '', docBlocks: used };
  };
}

const templateAt = (text: string, { yaml }: PropertiesSource, at: YamlPath) =>
  parseTemplate({ ...yaml.spanOf(at), text });

function findDoc(call: Call, packages: readonly string[], docs: DocIndex): DocBlock {
  const { name, more } = bindArguments(call, ['name', 'more?'], 'doc');
  const wanted = toText(more ?? name);
  const places = more === undefined ? packages : [toText(name)];
  for (const place of places) {
    const found = docs.get(`${place}.${wanted}`);
    if (found) return found;
  }
  const anywhere = [...docs.values()].find((block) => block.name === wanted);
  if (anywhere && more === undefined) return anywhere;
  throw new ProjectError('unknown-doc', `doc('${wanted}') matches no docs block`, {
    span: call.span,
    hint: didYouMean(
      wanted,
      [...docs.values()].map((block) => block.name),
    ),
  });
}
