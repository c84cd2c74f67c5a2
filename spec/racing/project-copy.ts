import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const PROJECT_PARTS = ['velo_project.yml', 'models', 'macros', 'seeds', 'tests'] as const;

/** A copy of the racing project in a folder that is gone after the test. */
export function copyOfProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'velo-racing-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of PROJECT_PARTS)
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  return folder;
}
