import type { Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { ParseContext } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';

/** The reference a text of YAML is: `ref('x')`, `source('a', 'b')`, `metric('m')`. @throws ProjectError */
export const yamlReferences = (
  text: string,
  span: Span,
  context: ParseContext,
): readonly Reference[] =>
  parseTemplateNode({ ...span, text: `{{ ${text} }}` }, context).references;
