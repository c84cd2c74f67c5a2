import { createRegistry } from '../core/registry.ts';
import { randomSearch } from './random-search.ts';
import { tpeSearch } from './tpe-search.ts';

export const searchMethods = createRegistry('search method', [randomSearch, tpeSearch]);
