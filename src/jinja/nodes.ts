import type { Value } from './value.ts';

/** Where a node starts in its file, 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly NamedArgument[];
  /** `*x` and `**x`. */
  readonly spread: Expression | undefined;
  readonly spreadNamed: Expression | undefined;
}

export interface NamedArgument extends Position {
  readonly name: string;
  readonly value: Expression;
}

interface Kind<K extends string> extends Position {
  readonly kind: K;
}

interface LiteralNode extends Kind<'literal'> {
  readonly value: Value;
}
interface NameNode extends Kind<'name'> {
  readonly name: string;
}
interface AttributeNode extends Kind<'attribute'> {
  readonly target: Expression;
  readonly name: string;
}
interface ItemNode extends Kind<'item'> {
  readonly target: Expression;
  readonly key: Expression;
}
interface SliceNode extends Kind<'slice'> {
  readonly target: Expression;
  readonly start: Expression | undefined;
  readonly stop: Expression | undefined;
  readonly step: Expression | undefined;
}
export interface CallNode extends Kind<'call'> {
  readonly callee: Expression;
  readonly args: Arguments;
}
export interface FilterNode extends Kind<'filter'> {
  /** Absent for the filter of a block: the block's text is its target. */
  readonly target: Expression | undefined;
  readonly name: string;
  readonly args: Arguments;
}
export interface TestNode extends Kind<'test'> {
  readonly target: Expression;
  readonly name: string;
  readonly args: Arguments;
}
interface SequenceNode extends Kind<'list' | 'tuple'> {
  readonly items: readonly Expression[];
}
interface DictNode extends Kind<'dict'> {
  readonly entries: readonly (readonly [Expression, Expression])[];
}
interface BinaryNode extends Kind<'binary'> {
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
interface UnaryNode extends Kind<'unary'> {
  readonly operator: '-' | '+' | 'not';
  readonly operand: Expression;
}
interface LogicalNode extends Kind<'and' | 'or'> {
  readonly left: Expression;
  readonly right: Expression;
}
interface CompareNode extends Kind<'compare'> {
  readonly left: Expression;
  readonly rest: readonly { readonly operator: CompareOperator; readonly right: Expression }[];
}
interface ConcatNode extends Kind<'concat'> {
  readonly parts: readonly Expression[];
}
export interface ConditionalNode extends Kind<'conditional'> {
  readonly condition: Expression;
  readonly value: Expression;
  readonly otherwise: Expression | undefined;
}

export type Expression =
  | LiteralNode
  | NameNode
  | AttributeNode
  | ItemNode
  | SliceNode
  | CallNode
  | FilterNode
  | TestNode
  | SequenceNode
  | DictNode
  | BinaryNode
  | UnaryNode
  | LogicalNode
  | CompareNode
  | ConcatNode
  | ConditionalNode;

/** What a `for` or `set` assigns to. */
export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'namespace'; readonly name: string; readonly attribute: string }
  | { readonly kind: 'unpack'; readonly targets: readonly Target[] };

export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | undefined;
}

interface DataNode extends Kind<'data'> {
  readonly text: string;
}
export interface OutputNode extends Kind<'output'> {
  readonly value: Expression;
}
export interface IfNode extends Kind<'if'> {
  readonly branches: readonly { readonly condition: Expression; readonly body: Body }[];
  readonly otherwise: Body;
}
export interface ForNode extends Kind<'for'> {
  readonly target: Target;
  readonly over: Expression;
  readonly condition: Expression | undefined;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body;
}
export interface SetNode extends Kind<'set'> {
  readonly target: Target;
  readonly value: Expression;
}
export interface SetBlockNode extends Kind<'set-block'> {
  readonly target: Target;
  readonly filter: FilterNode | undefined;
  readonly body: Body;
}
export interface FilterBlockNode extends Kind<'filter-block'> {
  readonly filter: FilterNode;
  readonly body: Body;
}
interface DoNode extends Kind<'do'> {
  readonly value: Expression;
}
export interface WithNode extends Kind<'with'> {
  readonly bindings: readonly { readonly target: Target; readonly value: Expression }[];
  readonly body: Body;
}
interface JumpNode extends Kind<'break' | 'continue'> {}
export interface MacroNode extends Kind<'macro'> {
  /** The name it is defined under: `test_x` for a test, `materialization_x_default` … */
  readonly name: string;
  readonly macroKind: 'macro' | 'test' | 'materialization' | 'caller';
  readonly parameters: readonly Parameter[];
  readonly body: Body;
  /** Raw source of the block with its tags. */
  readonly text: string;
  /** Every dotted name the macro looks up. */
  readonly names: ReadonlySet<string>;
}
export interface CallBlockNode extends Kind<'call-block'> {
  readonly call: CallNode;
  readonly caller: MacroNode;
}

export type Statement =
  | DataNode
  | OutputNode
  | IfNode
  | ForNode
  | SetNode
  | SetBlockNode
  | FilterBlockNode
  | DoNode
  | WithNode
  | JumpNode
  | MacroNode
  | CallBlockNode;

export type Body = readonly Statement[];

/** A block kept as text: rendered elsewhere (snapshot) or never (docs). */
export interface TextBlock extends Position {
  readonly kind: 'docs' | 'snapshot';
  readonly name: string;
  /** Without its tags; `line` and `column` are where it starts. */
  readonly text: string;
}

/** A parsed template. */
export interface Tree {
  readonly body: Body;
  readonly macros: readonly MacroNode[];
  readonly blocks: readonly TextBlock[];
  readonly names: ReadonlySet<string>;
}
