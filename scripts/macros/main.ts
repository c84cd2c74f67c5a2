// Writes global_macros/index.json from the files beside it: npm run macros
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexMacros } from '../../src/project/global-macros.ts';

const FILE = join(import.meta.dirname, '../../global_macros/index.json');

writeFileSync(FILE, `${JSON.stringify(indexMacros(), null, 1)}\n`);
