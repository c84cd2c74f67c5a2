import { expect, test } from 'vitest';
import { buildGraph } from '../graph/build-graph.ts';
import { makeManifest, makeNode } from '../graph/node-fixture.ts';
import { warnOfDeprecatedModels } from './warn-of-deprecated-models.ts';
