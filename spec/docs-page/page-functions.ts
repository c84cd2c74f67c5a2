import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';

/** What the page's functions take of a site. */
export interface SiteLike {
  readonly nodes: readonly {
    readonly id: string;
    readonly name: string;
    readonly path: string;
    readonly description: string;
    readonly tags: readonly string[];
    readonly columns: readonly { readonly name: string; readonly description: string }[];
    readonly parents: readonly number[];
  }[];
  readonly children: readonly (readonly number[])[];
}

interface PageFunctions {
  around(site: SiteLike, focus: number, up: number, down: number): ReadonlySet<number>;
  layOut(
    site: SiteLike,
    shown: ReadonlySet<number>,
  ): {
    readonly at: ReadonlyMap<number, readonly [number, number]>;
    readonly edges: readonly (readonly [number, number])[];
  };
  searchIndex(site: SiteLike): unknown;
  search(site: SiteLike, index: unknown, text: string): readonly { readonly position: number }[];
}

const FOLDER = fileURLToPath(new URL('../../docs_page/', import.meta.url));

/** The functions of the page's script that need no document. */
export function pageFunctions(): PageFunctions {
  const script = ['layout.js', 'search.js'].map((name) => readFileSync(FOLDER + name, 'utf8'));
  return runInNewContext(`${script.join('\n')}; ({ around, layOut, searchIndex, search })`);
}

/** A site of nodes that read others before them. */
export function siteOf(parents: readonly (readonly number[])[]): SiteLike {
  const nodes = parents.map((of, i) => ({
    ...{ id: `model.shop.m${i}`, name: `m${i}`, path: `models/m${i}.sql`, description: '' },
    ...{ tags: [], columns: [], parents: of },
  }));
  const children = nodes.map((_, i) =>
    nodes.flatMap((node, j) => (node.parents.includes(i) ? [j] : [])),
  );
  return { nodes, children };
}
