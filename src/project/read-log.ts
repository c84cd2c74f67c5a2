import type { FoundFile } from './discover-files.ts';

/** What a file was read in the light of: it is read again when one of these is another one. */
export interface FileReads {
  /** Entries of YAML that were looked for, as `package:section:name`. */
  readonly asked: readonly string[];
  /** YAML files that had one of them, relative to the project. */
  readonly described: readonly string[];
  /** What a properties file speaks of; null: something that other files are read in the light of. */
  readonly entries: readonly string[] | null;
  /** Files outside the project's folders, absolute. */
  readonly imported: readonly string[];
  /** It saw something that is new in every run, or said something that must be said every time. */
  readonly isFresh: boolean;
}

/** Notes what the files of a project are read in the light of. */
export interface ReadLog {
  /** What follows belongs to this file, relative to the project; undefined: to all. */
  begin(file: string | undefined): void;
  text(file: FoundFile, text: string): void;
  asked(entry: string, describedIn: string | undefined): void;
  speaksOf(entries: readonly string[] | undefined): void;
  imported(absolutePath: string): void;
  fresh(): void;
  /** Runs `work` as a part of all files. */
  forAll<T>(work: () => T): T;
}

export interface KeptLog extends ReadLog {
  reads(): ReadonlyMap<string, FileReads>;
  texts(): ReadonlyMap<string, string>;
  /** Something all files share is new in every run. */
  isAllFresh(): boolean;
}

interface Noted {
  readonly asked: Set<string>;
  readonly described: Set<string>;
  readonly imported: Set<string>;
  entries: readonly string[] | null;
  isFresh: boolean;
}

/** @param digest what is kept of a text */
export function createReadLog(digest: (text: string) => string): KeptLog {
  const files = new Map<string, Noted>();
  const digests = new Map<string, string>();
  const all = noted();
  let current = all;
  return {
    begin(file) {
      current = file === undefined ? all : (files.get(file) ?? noted());
      if (file !== undefined) files.set(file, current);
    },
    text: ({ shownPath }, text) => digests.set(shownPath, digest(text)),
    asked(entry, describedIn) {
      current.asked.add(entry);
      if (describedIn !== undefined) current.described.add(describedIn);
    },
    speaksOf(entries) {
      current.entries = entries ?? null;
    },
    imported: (path) => current.imported.add(path),
    fresh() {
      current.isFresh = true;
    },
    forAll(work) {
      const before = current;
      current = all;
      try {
        return work();
      } finally {
        current = before;
      }
    },
    reads: () => new Map([...files].map(([file, one]) => [file, plain(one)])),
    texts: () => digests,
    isAllFresh: () => all.isFresh,
  };
}

const noted = (): Noted => ({
  asked: new Set(),
  described: new Set(),
  imported: new Set(),
  entries: [],
  isFresh: false,
});

const plain = ({ asked, described, imported, entries, isFresh }: Noted): FileReads => ({
  asked: [...asked],
  described: [...described],
  imported: [...imported],
  entries,
  isFresh,
});
