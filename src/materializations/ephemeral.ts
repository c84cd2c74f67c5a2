import type { Materialization } from './materialization.ts';

/** Makes nothing: the SELECT becomes a CTE of every node that refers to it. */
export const ephemeral: Materialization = {
  name: 'ephemeral',
  relationType: undefined,
  updatesInPlace: false,
  statements: () => [],
};
