// The layer table of docs/architecture.md. A folder of src/ imports itself and the folders listed here.
const LAYERS = {
  core: [],
  config: ['core'],
  packages: ['core', 'config'],
  jinja: ['core'],
  sql: ['core'],
  adapters: ['core', 'sql'],
  graph: ['core'],
  artifacts: ['core'],
  plan: ['core', 'graph'],
  state: ['core', 'adapters'],
  compare: ['core', 'adapters'],
  materializations: ['core', 'adapters'],
  checks: ['core', 'adapters'],
  lightgbm: ['core', 'config'],
  estimators: ['core', 'config', 'lightgbm'],
  nodes: ['core', 'adapters', 'jinja', 'materializations', 'checks'],
  project: ['core', 'config', 'packages', 'jinja', 'graph', 'nodes'],
  execute: ['core', 'sql', 'adapters', 'compare', 'nodes', 'state'],
  leakage: ['core', 'sql', 'adapters', 'compare', 'graph', 'nodes', 'execute'],
  api: [
    'core',
    'config',
    'packages',
    'jinja',
    'sql',
    'adapters',
    'graph',
    'artifacts',
    'plan',
    'state',
    'checks',
    'nodes',
    'project',
    'execute',
    'compare',
    'leakage',
  ],
  cli: ['core', 'artifacts', 'api'],
};

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  comment: `src/${layer} may import ${allowed.join(', ') || 'no other folder'} (docs/architecture.md)`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  // Fixtures are for tests of any folder; no-tests-in-product keeps them out of everything else.
  to: { path: '^src/', pathNot: [`^src/(${[layer, ...allowed].join('|')})/`, '-fixture\\.ts$'] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'known-folder',
      comment: 'a new folder of src/ needs a line in LAYERS and in docs/architecture.md',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(LAYERS).join('|')})/` },
      to: {},
    },
    {
      name: 'no-circular',
      comment: 'a cycle has no first file to read; types that name each other are gone when it runs',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'type-import'] } },
    },
    {
      name: 'drivers-only-in-adapters',
      comment: 'everything else asks a capability or calls a dialect method',
      severity: 'error',
      from: { pathNot: '^src/adapters/' },
      to: { path: 'node_modules/(@duckdb|pg|pg-[^/]+)/' },
    },
    {
      name: 'drivers-are-loaded-late',
      comment: 'a driver costs half a second: commands that need no database must not pay for it',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        path: 'node_modules/(@duckdb|pg)/',
        dependencyTypesNot: ['type-only', 'type-import'],
        dynamic: false,
      },
    },
    {
      name: 'no-tests-in-product',
      comment: 'tests and fixtures are not shipped',
      severity: 'error',
      from: { path: '^src/', pathNot: '(\\.test|-fixture)\\.ts$' },
      to: { path: '(\\.test|-fixture)\\.ts$' },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'what src/ imports must be installed with velo',
      severity: 'error',
      from: { path: '^src/', pathNot: '(\\.test|-fixture)\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'not-resolvable',
      comment: 'the import points at nothing',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
