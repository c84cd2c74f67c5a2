import { init } from '../../api/init.ts';
import type { CommandModule } from './command.ts';

export const run: CommandModule['run'] = async ({ args, context }) => {
  const folder = args[0] ?? '.';
  const files = await init({ folder });
  for (const file of files) context.stdout.write(`  ${file}\n`);
  const step = folder === '.' ? '' : `cd ${folder} && `;
  context.stdout.write(`Made a project. Try: ${step}velo build\n`);
  return 0;
};
