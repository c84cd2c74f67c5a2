/** `12345` as `12,345`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** `1 row`, `2,000 rows`, `1 query`, `2 queries`. */
export const plural = (count: number, one: string, many: string = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
