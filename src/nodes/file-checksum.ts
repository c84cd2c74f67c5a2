import { hash } from 'node:crypto';

/** dbt's checksum of a file of code: of its text with each run of white space as one blank. */
export const fileChecksum = (text: string) => ({
  name: 'sha256',
  checksum: hash('sha256', text.trim().replace(/\s+/g, ' ')),
});

/** dbt's checksum of a seed: rows are kept as they stand. A file of more than a megabyte is known by its path. */
export const seedChecksum = (text: string, path: string) =>
  Buffer.byteLength(text) > LARGEST
    ? { name: 'path', checksum: path }
    : { name: 'sha256', checksum: hash('sha256', text.trim()) };

const LARGEST = 1024 * 1024;
