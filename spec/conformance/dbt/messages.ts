/** What the process that runs velo is told to do. */
export type Order =
  | {
      readonly does: 'call';
      readonly dir: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** What its clock is to say, epoch milliseconds. */
      readonly now: number;
    }
  | { readonly does: 'read'; readonly dir: string }
  | { readonly does: 'run'; readonly dir: string; readonly statements: readonly string[] };

/** A table or view as the records have it. */
export interface Relation {
  readonly kind: string;
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly (readonly unknown[])[];
}

export type Answer =
  | { readonly ready: true }
  /** `text`: both streams in the order they were written. */
  | { readonly exit: number; readonly text: string }
  | { readonly relations: Readonly<Record<string, Relation>> }
  | { readonly error: string };
