import type { YamlPath } from '../config/read-yaml.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { collect, ProjectError, type VeloError } from '../core/errors.ts';
import type { DocBlock } from '../core/node.ts';
import { type ContextLayer, layeredContext } from '../jinja/context.ts';
import { render } from '../jinja/render.ts';
import { parseTemplate } from '../jinja/template.ts';
import { bindArguments, type Call, jinjaFunction, toText } from '../jinja/value.ts';
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
      const text = collect(errors, () => readProjectText(file));
      if (!text?.includes('{%')) continue;
      const template = collect(errors, () => parseTemplate({ file: file.shownPath, text }));
      for (const block of template?.blocks ?? []) {
        if (block.kind !== 'docs') continue;
        const key = `${packageName}.${block.name}`;
        const { name, span } = block;
        const id = `doc.${packageName}.${name}`;
        const path = file.path;
        if (index.has(key)) errors.push(duplicateDoc(name, index.get(key), span));
        else index.set(key, { id, name, packageName, path, text: block.text.trim() });
      }
    }
  }
  return index;
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
