import * as z from 'zod';
import { open, optional } from './yaml-values.ts';

/** vars.yml: variables beside the project file instead of in it. */
export const varsSchema = z
  .strictObject({
    vars: optional(open, "Variables; a mapping under a package's name is for that package."),
  })
  .meta({ title: 'vars.yml', description: 'Variables of a project.' });
