// The parts of nunjucks' front end that are subclassed here. `@types/nunjucks` knows the package's
// main module only, and loading that one costs the compiler, the loaders and their dependencies.

declare module 'nunjucks/src/lexer.js' {
  export interface NunjucksToken {
    readonly type: string;
    readonly value: string;
    /** 0-based. */
    readonly lineno: number;
    readonly colno: number;
  }
  export class Tokenizer {
    constructor(text: string, options?: object);
    readonly str: string;
    readonly len: number;
    index: number;
    lineno: number;
    colno: number;
    in_code: boolean;
    nextToken(): NunjucksToken | null;
  }
  const lexer: { readonly lex: (text: string, options?: object) => Tokenizer };
  // biome-ignore lint/style/noDefaultExport: nunjucks is CommonJS
  export default lexer;
}

declare module 'nunjucks/src/parser.js' {
  import type { NunjucksToken, Tokenizer } from 'nunjucks/src/lexer.js';

  class Parser {
    constructor(tokens: Tokenizer);
    readonly tokens: Tokenizer;
    peeked: NunjucksToken | null;
    nextToken(): NunjucksToken | null;
    peekToken(): NunjucksToken | null;
    pushToken(token: NunjucksToken | null): void;
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(name: string): boolean;
  }
  const parser: { readonly Parser: typeof Parser };
  // biome-ignore lint/style/noDefaultExport: nunjucks is CommonJS
  export default parser;
}
