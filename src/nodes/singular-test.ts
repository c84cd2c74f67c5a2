import { codeFingerprint, isVolatile } from './code-fingerprint.ts';
import { testConfig } from './config-schemas.ts';
import { configLayers } from './model-node.ts';
import type { FileKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';
import { testNode } from './test-node.ts';

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
    const node = testNode({
      name,
      hash: '',
      packageName: context.packageName,
      path: file.path,
      span: { file: file.path, line: 1, column: 1 },
      fqn,
      description: properties?.description ?? '',
      config,
      references: parsed.references,
      fingerprint: codeFingerprint(
        { text: file.text, rendered: parsed.rendered, names: parsed.template.names },
        { where: config.where ?? null, error_if: config.error_if, warn_if: config.warn_if },
        context.macros,
        context.packageName,
      ),
      volatile: isVolatile(parsed.rendered),
      attachedTo: undefined,
      generic: undefined,
      propertiesPath: properties?.span.file,
      rawCode: file.text,
      detail: { test: 'singular' },
    });
    return { node, enabled: config.enabled };
  },
};
