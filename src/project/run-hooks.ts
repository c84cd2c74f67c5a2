import type { ProjectFile } from '../config/project-file.ts';
import type { RunHook } from '../nodes/operation.ts';

/** The statements of on-run-start and on-run-end, in order. */
export function runHooks({ yaml, config }: ProjectFile): readonly RunHook[] {
  return (['on-run-start', 'on-run-end'] as const).flatMap((when) => {
    const written = config[when] ?? [];
    const list = typeof written === 'string' ? [written] : written;
    const at = (index: number) => (typeof written === 'string' ? [when] : [when, index]);
    return list.map((sql, index) => ({
      when,
      index,
      sql,
      span: yaml.spanOf(at(index)),
      projectText: yaml.text,
      projectFile: yaml.file.slice(yaml.file.lastIndexOf('/') + 1),
    }));
  });
}
