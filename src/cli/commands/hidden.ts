import type { CommandEntry } from './command.ts';

/** For programs, and in no list. (A file of its own: the command reads the list.) */
export const hiddenCommands: readonly CommandEntry[] = [
  {
    name: '__complete',
    summary: 'Print what the last of these words may become',
    arguments: [{ name: '[words...]', help: 'what stands behind velo' }],
    options: [],
    load: () => import('./complete.ts'),
  },
];
