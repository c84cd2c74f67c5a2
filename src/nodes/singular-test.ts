import { configLayers, startOf } from './base-node.ts';
import { codeFacts } from './code-fingerprint.ts';
import { testConfig } from './config-schemas.ts';
import type { FileKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';
import { judgedBy, testNode, testRules, withStoring } from './test-node.ts';

/** A SELECT in `tests/`: each row it returns is a failure. */
export const singularTest: FileKind = {
  name: 'test',
  section: 'data_tests',
  trees: ['tests', 'data_tests'],
  folders: 'test-paths',
  extension: '.sql',
  async parse(file, context) {
    const name = file.parts.at(-1) ?? '';
    const fqn = [context.packageName, ...file.parts];
    const parsed = parseTemplateNode({ file: file.shownPath, text: file.text }, context);
    const properties = context.propertiesOf(name);
    const layers = configLayers(context, fqn, properties, parsed.configs);
    const resolved = resolveConfig(testConfig, layers, context.unknownConfig);
    const config = withStoring(resolved.config);
    const datedBy = judgedBy(config, startOf(file));
    const { unrendered } = resolved;
    const code = { text: file.text, rendered: parsed.rendered, names: parsed.template.names };
    const node = testNode({
      name,
      alias: name,
      hash: '',
      path: file.path,
      span: startOf(file),
      fqn,
      described: properties ?? { description: '', docBlocks: [] },
      context,
      config,
      unrendered,
      references: parsed.references,
      ...codeFacts(code, testRules(config), context),
      datedBy,
      judgesCode: config.judges_code || undefined,
      judgesDatesAlone: datedBy !== undefined,
      attachedTo: undefined,
      generic: undefined,
      propertiesPath: properties?.path,
      rawCode: file.text.trim(),
      detail: { test: 'singular' },
    });
    return [{ node, enabled: config.enabled }];
  },
};
