import { codeFacts } from './code-fingerprint.ts';
import { testConfig } from './config-schemas.ts';
import { configLayers } from './model-node.ts';
import type { FileKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';
import { testNode, testRules } from './test-node.ts';

/** A SELECT in `tests/`: each row it returns is a failure. */
export const singularTest: FileKind = {
  name: 'test',
  folders: 'test-paths',
  extension: '.sql',
  async parse(file, context) {
    const name = file.parts.at(-1) ?? '';
    const fqn = [context.packageName, ...file.parts];
    const parsed = parseTemplateNode({ file: file.path, text: file.text }, context);
    const properties = context.propertiesOf(name);
    const config = resolveConfig(
      testConfig,
      configLayers(context, fqn, properties, parsed.configs),
    );
    const code = { text: file.text, rendered: parsed.rendered, names: parsed.template.names };
    const node = testNode({
      name,
      alias: name,
      hash: '',
      packageName: context.packageName,
      path: file.path,
      span: { file: file.path, line: 1, column: 1 },
      fqn,
      description: properties?.description ?? '',
      config,
      references: parsed.references,
      ...codeFacts(code, testRules(config), context),
      judgesDatesAlone: false,
      place: context.scope.target?.schema ?? '',
      attachedTo: undefined,
      generic: undefined,
      propertiesPath: properties?.span.file,
      rawCode: file.text,
      detail: { test: 'singular' },
    });
    return { node, enabled: config.enabled };
  },
};
