import { readText } from '../config/read-text.ts';
import type { FoundFile } from './discover-files.ts';

/** The text of a project's file. @throws ProjectError 'file-unreadable' */
export const readProjectText = ({ shownPath, absolutePath }: FoundFile): string =>
  readText(absolutePath, shownPath);
