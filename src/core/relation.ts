/** Where a node's rows live. Rendering and quoting belong to the dialect. */
export interface Relation {
  readonly database?: string | undefined;
  readonly schema: string;
  readonly name: string;
}
