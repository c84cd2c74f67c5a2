import type { Span } from '../../core/span.ts';

export type YamlPath = readonly (string | number)[];

/** A parsed YAML file that still knows where everything stood. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  /** The place of the value at `path`, or of its key `key`; the nearest enclosing place when there is none. */
  spanOf(path: YamlPath, key?: string): Span;
}
