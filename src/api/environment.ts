// The command line reads a few switches (colours, folders) from the environment before any use case runs.
export { type Environment, environmentOption, readEnvironment } from '../config/environment.ts';
