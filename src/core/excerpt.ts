import type { Interval } from './interval.ts';

/** What a run reads of its inputs, where it does not read all: no rows, or those of a window of event time. */
export type Excerpt =
  | { readonly kind: 'empty' }
  | { readonly kind: 'sample'; readonly window: Interval };

/** The option that asks for it. */
export const excerptFlag = ({ kind }: Excerpt): string => `--${kind}`;

/** What rows made of it are known by, beside the versions of what they were made of. */
export const excerptKey = (excerpt: Excerpt): Readonly<Record<string, string>> => ({
  [excerptFlag(excerpt)]:
    excerpt.kind === 'empty' ? 'no rows' : `${excerpt.window.start}..${excerpt.window.end}`,
});
