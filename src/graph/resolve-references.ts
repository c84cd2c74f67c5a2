import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import type { Manifest, Node, Reference } from '../core/node.ts';

/**
 * The node a ref or source points at: in the package it names, else the node's own package, else the root project,
 * else the only other package that has it.
 * @throws ProjectError 'unknown-ref', 'unknown-source', 'disabled-ref', 'duplicate-name'
 */
export type Resolve = (from: Node, reference: Reference) => Node;

/** Nodes by the name a reference of each kind gives. */
type Index = Readonly<Record<Reference['kind'], ReadonlyMap<string, readonly Node[]>>>;

interface Target {
  readonly kind: Reference['kind'];
  readonly packageName: string | undefined;
  readonly name: string;
}

/** Comparing names costs milliseconds in a large project, and a missing package gives thousands of errors. */
const MAX_HINTS = 20;

export function createResolver(manifest: Manifest, names: NodeNames = namesOf): Resolve {
  const enabled = indexByName(manifest.nodes.values(), names);
  const disabled = indexByName(manifest.disabled.values(), names);
  let hintsLeft = MAX_HINTS;
  return (from, reference) => {
    const target = targetOf(reference);
    const found = nearest(candidates(enabled, target), [from.packageName, manifest.projectName]);
    if (found.length > 1) throw ambiguous(reference, target, found);
    if (found[0]) return checkAccess(from, reference, found[0]);
    const off = candidates(disabled, target)[0];
    if (off) throw disabledRef(reference, off);
    hintsLeft -= 1;
    throw unknown(reference, hintsLeft < 0 ? undefined : suggestion(target, enabled));
  };
}

/** A private model is for its group alone. @throws ProjectError 'private-ref' */
function checkAccess(from: Node, reference: Reference, target: Node): Node {
  const { access, group } = target.config;
  if (access !== 'private' || group === from.config['group'] || isAbout(from, target))
    return target;
  const message = `${referenceText(reference)} points at a private model of group '${String(group)}'`;
  throw new ProjectError('private-ref', message, {
    span: reference.span,
    hint: `put '${from.name}' into that group, or make '${target.name}' protected or public`,
  });
}

/** A test of a model may read it, whatever its group. */
const isAbout = ({ check, kind }: Node, target: Node): boolean =>
  check?.attachedTo === target.id || kind === 'unit_test';

/** How the reference is written in SQL: `ref('runs')`, `source('hk', 'runs')`. */
export function referenceText({ kind, path }: Reference): string {
  return `${kind}(${path.map((part) => `'${part}'`).join(', ')})`;
}

function targetOf({ kind, path }: Reference): Target {
  if (kind === 'source') return { kind, packageName: undefined, name: path.join('.') };
  return { kind, packageName: path.length > 1 ? path[0] : undefined, name: path.at(-1) ?? '' };
}

function indexByName(nodes: Iterable<Node>, names: NodeNames): Index {
  const index: Record<Reference['kind'], Map<string, Node[]>> = {
    ref: new Map(),
    source: new Map(),
    metric: new Map(),
    function: new Map(),
  };
  for (const node of nodes) {
    for (const { kind, name } of names(node)) {
      const same = index[kind].get(name);
      if (same) same.push(node);
      else index[kind].set(name, [node]);
    }
  }
  return index;
}

/** A name that references of a kind find a node by. */
export type NodeName = NonNullable<Node['answersTo']>[number];

export type NodeNames = (node: Node) => readonly NodeName[];

/** The names a node is found by. A versioned model is `name.v2`, its latest version also `name`. */
export function namesOf(node: Node): readonly NodeName[] {
  if (node.answersTo) return node.answersTo;
  if (node.kind === 'source') return [{ kind: 'source', name: node.fqn.slice(-2).join('.') }];
  return refNames(node).map((name) => ({ kind: 'ref', name }));
}

function refNames(node: Node): string[] {
  const holdsRows = node.relation !== undefined || node.materialized === 'ephemeral';
  if (!holdsRows || node.check) return [];
  if (!node.version) return [node.name];
  const pinned = `${node.name}.v${node.version.label}`;
  return node.version.latest ? [pinned, node.name] : [pinned];
}

function candidates(index: Index, { kind, packageName, name }: Target): readonly Node[] {
  const all = index[kind].get(name) ?? [];
  return packageName === undefined ? all : all.filter((node) => node.packageName === packageName);
}

function nearest(nodes: readonly Node[], packages: readonly string[]): readonly Node[] {
  if (nodes.length < 2) return nodes;
  for (const packageName of packages) {
    const near = nodes.filter((node) => node.packageName === packageName);
    if (near.length > 0) return near;
  }
  return nodes;
}

function ambiguous(reference: Reference, target: Target, found: readonly Node[]): ProjectError {
  const ids = found.map((node) => node.id).sort();
  const packageName = found[0]?.packageName;
  return new ProjectError(
    'duplicate-name',
    `${referenceText(reference)} could be any of ${ids.join(', ')}`,
    {
      span: reference.span,
      hint:
        target.kind === 'ref'
          ? `name the package: ref('${packageName}', '${target.name}')`
          : 'rename the source in one of the packages',
    },
  );
}

function disabledRef(reference: Reference, { path, propertiesPath }: Node): ProjectError {
  const message = `${referenceText(reference)} points at a disabled node`;
  const hint = `it is disabled in ${propertiesPath ?? path}`;
  return new ProjectError('disabled-ref', message, { span: reference.span, hint });
}

function unknown(reference: Reference, hint: string | undefined): ProjectError {
  const { kind, span } = reference;
  const code = kind === 'source' ? 'unknown-source' : 'unknown-ref';
  const what = kind === 'ref' ? 'node' : kind;
  const message = `${referenceText(reference)} matches no ${what}`;
  return new ProjectError(code, message, { span, hint });
}

/** Only names of about the same length are compared: comparing is quadratic and a project has thousands of names. */
function suggestion({ kind, name }: Target, index: Index): string | undefined {
  const reach = Math.max(2, name.length / 3);
  const names = [...index[kind].keys()].filter(
    (candidate) => Math.abs(candidate.length - name.length) <= reach,
  );
  return didYouMean(name, names);
}
