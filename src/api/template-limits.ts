import type { Flags } from '../config/flags.ts';
import type { Limits } from '../jinja/limits.ts';

/** Where the flags say nothing, the template language has its own limits. */
export function templateLimits(flags: Flags): Partial<Limits> {
  const { maxTemplateLoops: iterations, maxTemplateDepth: depth, maxTemplateOutput } = flags;
  return {
    ...(iterations === undefined ? {} : { iterations }),
    ...(depth === undefined ? {} : { depth }),
    ...(maxTemplateOutput === undefined ? {} : { outputSize: maxTemplateOutput }),
  };
}
