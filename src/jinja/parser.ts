import type { NunjucksToken } from 'nunjucks/src/lexer.js';
import { ExpressionParser } from './expression-parser.ts';
import { JinjaTokenizer, TOKEN, type Token } from './lexer.ts';
import type {
  Body,
  CallNode,
  Expression,
  FilterNode,
  MacroNode,
  Parameter,
  Position,
  Statement,
  Target,
  TextBlock,
  Tree,
} from './nodes.ts';
import { syntaxFailure } from './syntax-error.ts';
import { describe, position } from './token-parser.ts';

const UNSUPPORTED: ReadonlySet<string> = new Set(['include', 'import', 'from', 'extends', 'block']);

interface OpenBlock extends Position {
  readonly tag: string;
  readonly ends: readonly string[];
}

/**
 * Parses a template whose lines end in `\n`; `from` is where it starts in its file.
 * Throws SyntaxFailure, and RangeError when it nests deeper than the stack.
 */
export function parseTree(text: string, from: Position): Tree {
  return new JinjaParser(new JinjaTokenizer(text, from)).parseTemplate();
}

/** nunjucks' parser with Jinja2's grammar and dbt's blocks, making the tree of nodes.ts. */
class JinjaParser extends ExpressionParser {
  private readonly macros: MacroNode[] = [];
  private readonly blocks: TextBlock[] = [];
  private readonly open: OpenBlock[] = [];
  /** Start of the tag being parsed. */
  private tagStart = 0;
  private readonly statements: ReadonlyMap<string, (at: Position) => Statement> = new Map([
    ['if', (at: Position): Statement => this.parseIf(at)],
    ['for', (at: Position): Statement => this.parseFor(at)],
    ['set', (at: Position): Statement => this.parseSet(at)],
    ['do', (at: Position): Statement => this.parseDo(at)],
    ['print', (at: Position): Statement => this.parsePrint(at)],
    ['with', (at: Position): Statement => this.parseWith(at)],
    ['filter', (at: Position): Statement => this.parseFilterBlock(at)],
    ['call', (at: Position): Statement => this.parseCallBlock(at)],
    ['macro', (at: Position): Statement => this.parseMacro(at)],
    ['test', (at: Position): Statement => this.parseTestBlock(at, 'endtest')],
    ['data_test', (at: Position): Statement => this.parseTestBlock(at, 'enddata_test')],
    ['materialization', (at: Position): Statement => this.parseMaterialization(at)],
    ['break', (at: Position): Statement => this.parseJump('break', at)],
    ['continue', (at: Position): Statement => this.parseJump('continue', at)],
    ['autoescape', (at: Position): Statement => this.parseAutoescape(at)],
  ]);

  parseTemplate(): Tree {
    const body = this.parseBody();
    const { macros, blocks, names } = this;
    return { body, macros, blocks, names };
  }

  /** Statements up to the tag that ends the innermost open block; its name is left to read. */
  private parseBody(): Statement[] {
    const body: Statement[] = [];
    for (let token = this.nextToken(); token; token = this.nextToken()) {
      if (token.type === TOKEN.data) {
        body.push({ kind: 'data', text: token.value, ...position(token) });
      } else if (token.type === TOKEN.variableStart) {
        const value = this.parseTuple();
        this.expectType(TOKEN.variableEnd, "'}}'");
        body.push({ kind: 'output', value, line: value.line, column: value.column });
      } else if (token.type === TOKEN.textBlock) this.addTextBlock(token as Token);
      else {
        if (this.endsBody()) return body;
        this.tagStart = (token as Token).start;
        body.push(this.parseStatement());
      }
    }
    const unclosed = this.open.at(-1);
    if (unclosed) this.failUnclosed(unclosed);
    return body;
  }

  private addTextBlock(token: Token): void {
    if (token.block) this.blocks.push(token.block);
  }

  private endsBody(): boolean {
    const token = this.peekToken();
    return token?.type === TOKEN.symbol && !!this.open.at(-1)?.ends.includes(token.value);
  }

  private failUnclosed(block: OpenBlock): never {
    const end = block.ends.at(-1) ?? `end${block.tag}`;
    const message = `'{% ${block.tag} %}' of line ${block.line} is never closed`;
    throw syntaxFailure(message, block, `add {% ${end} %}`);
  }

  private parseStatement(): Statement {
    const token = this.nextToken();
    if (token?.type !== TOKEN.symbol) {
      throw syntaxFailure(`tag name expected, got ${describe(token)}`, this.placeOf(token));
    }
    const parse = this.statements.get(token.value);
    if (!parse) this.failUnknownTag(token);
    return parse(position(token));
  }

  private placeOf(token: NunjucksToken | null): Position {
    return token ? position(token) : this.here();
  }

  private failUnknownTag(token: NunjucksToken): never {
    const at = position(token);
    if (UNSUPPORTED.has(token.value)) {
      const hint = 'macros of the project and its packages can be called by name';
      throw syntaxFailure(`'{% ${token.value} %}' is not supported`, at, hint);
    }
    const block = this.open.at(-1);
    const hint = block && `'{% ${block.tag} %}' of line ${block.line} is still open`;
    throw syntaxFailure(`unknown tag '${token.value}'`, at, hint);
  }

  /** The body of a block, up to one of `ends`; answers which one, with its tag's name read. */
  private parseBlock(tag: string, at: Position, ends: readonly string[]) {
    this.endTag();
    this.open.push({ tag, ends, ...at });
    const body = this.parseBody();
    this.open.pop();
    return { body, end: this.nextToken()?.value ?? '' };
  }

  private parseWhole(tag: string, at: Position, end = `end${tag}`): Body {
    const { body } = this.parseBlock(tag, at, [end]);
    return body;
  }

  private endTag(): Token {
    return this.expectType(TOKEN.blockEnd, "'%}'") as Token;
  }

  private parseIf(at: Position): Statement {
    const branches: { condition: Expression; body: Body }[] = [];
    let end = 'elif';
    while (end === 'elif') {
      const condition = this.parseTuple();
      const block = this.parseBlock('if', at, ['elif', 'else', 'endif']);
      branches.push({ condition, body: block.body });
      end = block.end;
    }
    const otherwise = end === 'else' ? this.parseWhole('if', at) : [];
    this.endTag();
    return { kind: 'if', branches, otherwise, ...at };
  }

  private parseFor(at: Position): Statement {
    const target = this.parseTargets();
    if (!this.skipSymbol('in')) this.failHere("expected 'in'");
    const over = this.parseIterable();
    const condition = this.skipSymbol('if') ? this.parseExpression() : undefined;
    const recursive = this.skipSymbol('recursive');
    const { body, end } = this.parseBlock('for', at, ['else', 'endfor']);
    const otherwise = end === 'else' ? this.parseWhole('for', at) : [];
    this.endTag();
    return { kind: 'for', target, over, condition, recursive, body, otherwise, ...at };
  }

  /** Without an inline if: in `for x in y if z` the condition belongs to the loop. */
  private parseIterable(): Expression {
    const first = this.parseOr();
    if (this.peekToken()?.type !== TOKEN.comma) return first;
    const items = [first];
    while (this.skip(TOKEN.comma)) items.push(this.parseOr());
    return { kind: 'tuple', items, line: first.line, column: first.column };
  }

  private parseTargets(): Target {
    const targets: Target[] = [this.parseTarget()];
    let isTuple = false;
    while (this.skip(TOKEN.comma)) {
      isTuple = true;
      const type = this.peekToken()?.type;
      if (type !== TOKEN.symbol && type !== TOKEN.leftParen) break;
      targets.push(this.parseTarget());
    }
    const [only] = targets;
    return isTuple || !only ? { kind: 'unpack', targets } : only;
  }

  private parseTarget(): Target {
    if (this.skip(TOKEN.leftParen)) {
      const inner = this.parseTargets();
      this.expectType(TOKEN.rightParen, ')');
      return inner;
    }
    const name = this.expectName();
    if (!this.skipValue(TOKEN.operator, '.')) return { kind: 'name', name };
    this.names.add(name);
    return { kind: 'namespace', name, attribute: this.expectName() };
  }

  private parseSet(at: Position): Statement {
    const target = this.parseTargets();
    if (this.skipValue(TOKEN.operator, '=')) {
      const value = this.parseTuple();
      this.endTag();
      return { kind: 'set', target, value, ...at };
    }
    const filter = this.skip(TOKEN.pipe) ? this.parseBlockFilter() : undefined;
    const body = this.parseWhole('set', at);
    this.endTag();
    return { kind: 'set-block', target, filter, body, ...at };
  }

  private parseBlockFilter(): FilterNode {
    let node: FilterNode = this.parseFilter(undefined);
    while (this.skip(TOKEN.pipe)) node = this.parseFilter(node);
    return node;
  }

  private parseFilterBlock(at: Position): Statement {
    const filter = this.parseBlockFilter();
    const body = this.parseWhole('filter', at);
    this.endTag();
    return { kind: 'filter-block', filter, body, ...at };
  }

  private parseDo(at: Position): Statement {
    const value = this.parseTuple();
    this.endTag();
    return { kind: 'do', value, ...at };
  }

  private parsePrint(at: Position): Statement {
    const value = this.parseTuple();
    this.endTag();
    return { kind: 'output', value, ...at };
  }

  private parseJump(kind: 'break' | 'continue', at: Position): Statement {
    if (!this.open.some((block) => block.tag === 'for')) {
      throw syntaxFailure(`'{% ${kind} %}' is outside of a loop`, at);
    }
    this.endTag();
    return { kind, ...at };
  }

  private parseWith(at: Position): Statement {
    const bindings: { target: Target; value: Expression }[] = [];
    while (this.peekToken()?.type !== TOKEN.blockEnd) {
      if (bindings.length > 0) this.expectType(TOKEN.comma, ',');
      const target = this.parseTarget();
      if (!this.skipValue(TOKEN.operator, '=')) this.failHere("expected '='");
      bindings.push({ target, value: this.parseExpression() });
    }
    const body = this.parseWhole('with', at);
    this.endTag();
    return { kind: 'with', bindings, body, ...at };
  }

  /** Nothing is escaped in SQL: the block is its body. */
  private parseAutoescape(at: Position): Statement {
    this.parseExpression();
    const body = this.parseWhole('autoescape', at);
    this.endTag();
    return { kind: 'with', bindings: [], body, ...at };
  }

  private parseCallBlock(at: Position): Statement {
    const start = this.tagStart;
    const outer = this.names;
    this.names = new Set();
    const hasParameters = this.peekToken()?.type === TOKEN.leftParen;
    const parameters = hasParameters ? this.parseParameters() : [];
    const call = this.parsePostfix(this.parseOr());
    if (call.kind !== 'call') throw syntaxFailure('expected a call', call);
    const caller = this.macroBody('caller', 'caller', parameters, at, start, outer, 'endcall');
    return { kind: 'call-block', call: call satisfies CallNode, caller, ...at };
  }

  private parseMacro(at: Position): Statement {
    const name = this.expectName();
    return this.finishMacro('macro', name, true, at, 'endmacro');
  }

  private parseTestBlock(at: Position, end: string): Statement {
    const name = this.expectName();
    return this.finishMacro('test', `test_${name}`, true, at, end);
  }

  private parseMaterialization(at: Position): Statement {
    let name = `materialization_${this.expectName()}`;
    let adapter = 'default';
    while (this.skip(TOKEN.comma)) {
      const option = this.expectName();
      if (!this.skipValue(TOKEN.operator, '=')) continue;
      const value = this.parseExpression();
      if (option === 'adapter' && value.kind === 'literal') adapter = String(value.value);
    }
    name += `_${adapter}`;
    return this.finishMacro('materialization', name, false, at, 'endmaterialization');
  }

  private finishMacro(
    macroKind: MacroNode['macroKind'],
    name: string,
    takesParameters: boolean,
    at: Position,
    end: string,
  ): MacroNode {
    const outer = this.names;
    const start = this.tagStart;
    this.names = new Set();
    const parameters = takesParameters ? this.parseParameters() : [];
    const macro = this.macroBody(macroKind, name, parameters, at, start, outer, end);
    this.macros.push(macro);
    return macro;
  }

  private macroBody(
    macroKind: MacroNode['macroKind'],
    name: string,
    parameters: readonly Parameter[],
    at: Position,
    start: number,
    outer: Set<string>,
    end: string,
  ): MacroNode {
    // A loop around the macro is not a loop of the macro: break must not cross it.
    const around = this.open.splice(0);
    const body = this.parseWhole(end.slice(3), at, end);
    this.open.push(...around);
    const text = this.tokens.str.slice(start, this.endTag().end);
    const { names } = this;
    const own = new Set(parameters.map((parameter) => parameter.name));
    for (const used of names) {
      const [first = used] = used.split('.');
      // An argument named like a macro, `date`, is not that macro.
      if (own.has(first)) names.delete(used);
      else outer.add(used);
    }
    this.names = outer;
    return { kind: 'macro', macroKind, name, parameters, body, text, names, ...at };
  }

  private parseParameters(): Parameter[] {
    this.expectType(TOKEN.leftParen, '(');
    const parameters: Parameter[] = [];
    while (!this.skip(TOKEN.rightParen)) {
      if (parameters.length > 0) this.expectType(TOKEN.comma, ',');
      if (this.skip(TOKEN.rightParen)) break;
      const at = this.here();
      const name = this.expectName();
      const fallback = this.skipValue(TOKEN.operator, '=') ? this.parseExpression() : undefined;
      if (!fallback && parameters.at(-1)?.fallback) {
        throw syntaxFailure('non-default argument follows default argument', at);
      }
      parameters.push({ name, fallback });
    }
    return parameters;
  }
}
