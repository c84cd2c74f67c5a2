// The command line reads a few switches (colours, folders) from the environment, and one option of its own, before any use case runs.
export { type Environment, environmentOption, readEnvironment } from '../config/environment.ts';
export { isDeprecation, readWarnErrorOptions } from '../config/warn-error-options.ts';
