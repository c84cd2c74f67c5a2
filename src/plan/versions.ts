import { hashOf } from '../core/fingerprint.ts';
import type { Interval } from '../core/interval.ts';
import type { Fingerprint, Node, NodeId } from '../core/node.ts';
import type { NodeState } from '../core/node-state.ts';
import type { RowVersion } from '../core/plan.ts';

/** Identity of a node's rows, and whether it can be trusted to tell them apart. */
export interface Version extends RowVersion {
  /** Whether its rows, or an input's, may change without velo seeing it. */
  readonly volatile: boolean;
  /**
   * Which dates an as_of node, or a view of one, holds. Rows of a date do not change when dates are added, so what is
   * made date by date ignores it; a table made of all of them does not.
   */
  readonly extent: string;
  /** Differs when dates an as_of node had before were made again; views pass it on. */
  readonly epoch: string;
  /** A hash of the code that makes the rows, down to seeds and sources, which have none. */
  readonly code: string;
  /** Of a view with as_of: what it is known by besides the rows of its dated inputs, whose changes are counted by date. */
  readonly undated?: Undated | undefined;
}

export type Undated = Pick<Version, 'version' | 'volatile'>;

export interface VersionInput {
  readonly node: Node;
  /** In the place of the node's own, where it is known to be another one. */
  readonly fingerprint?: Fingerprint | undefined;
  readonly parents: readonly NodeId[];
  /** Versions of what comes before the node. */
  readonly versions: ReadonlyMap<NodeId, Version>;
  /** The rows an input holds when this run does not build it; undefined when it does. */
  readonly standing: (id: NodeId) => NodeState | undefined;
  /** Inputs whose changes are counted by date (changed-dates.ts) are no part of the version. */
  readonly isCounted?: ((id: NodeId) => boolean) | undefined;
  /** Given for nodes with as_of that keep no rows: which of their inputs are dated. */
  readonly isDatedInput?: ((id: NodeId) => boolean) | undefined;
  /** What else its rows come from, that is no node: by what it is called, its state. */
  readonly registry?: Readonly<Record<string, string>> | undefined;
}

/** Version of a node's rows: a hash of its fingerprint and its inputs' versions. Equal versions mean equal rows. */
export function versionOf(input: VersionInput): Version {
  const { node, fingerprint = node.fingerprint, parents, versions, isDatedInput } = input;
  const rows = versionOfRows(input);
  if (!isDatedInput) return rows;
  const { inputs, volatile } = undatedInputs(parents, versions, isDatedInput);
  const undated = { version: hashOf([fingerprint, inputs]), volatile: node.volatile || volatile };
  return node.check ? { ...rows, ...undated, inputs } : { ...rows, undated };
}

function versionOfRows({
  node,
  fingerprint = node.fingerprint,
  parents,
  versions,
  standing,
  isCounted = () => false,
  registry = {},
}: VersionInput): Version {
  const inputs: Record<string, string> = { ...registry };
  const extents: string[] = [];
  const epochs: string[] = [];
  let volatile = node.volatile;
  for (const parent of parents) {
    if (isCounted(parent)) continue;
    const known = versions.get(parent);
    const version = standing(parent)?.version ?? known?.version ?? '';
    inputs[parent] = node.check?.judgesCode
      ? (known?.code ?? '')
      : versionSeen(node, version, known);
    extents.push(known?.extent ?? '');
    epochs.push(known?.epoch ?? '');
    // Rows that may change unseen are made by the same code.
    volatile ||= !node.check?.judgesCode && (known?.volatile ?? false);
  }
  const isPassedOn = !node.storesRows && node.check === undefined;
  return {
    version: hashOf([fingerprint, inputs]),
    inputs,
    volatile,
    code:
      node.rawCode === '' ? '' : hashOf([fingerprint, parents.map((id) => versions.get(id)?.code)]),
    extent: isPassedOn ? together(extents) : '',
    epoch: isPassedOn ? together(epochs) : '',
  };
}

/** Of dated inputs their code, of others what their rows are known by. */
function undatedInputs(
  parents: readonly NodeId[],
  versions: ReadonlyMap<NodeId, Version>,
  isDatedInput: (id: NodeId) => boolean,
) {
  const inputs: Record<string, string> = {};
  let volatile = false;
  for (const id of parents) {
    const known = versions.get(id);
    if (!known) continue;
    if (isDatedInput(id)) {
      inputs[id] = known.code;
      continue;
    }
    const rows: Undated = known.undated ?? known;
    inputs[id] = rows.version;
    volatile ||= rows.volatile;
  }
  return { inputs, volatile };
}

const together = (parts: readonly string[]): string =>
  parts.some((part) => part !== '') ? hashOf(parts) : '';

function versionSeen(node: Node, version: string, known: Version | undefined): string {
  const dates = datesSeen(node, known);
  return dates === '' ? version : `${version}@${dates}`;
}

/** What of an input's dates a node's rows depend on: all of them, or that old ones stay what they were. */
function datesSeen(node: Node, input: Version | undefined): string {
  if (!input) return '';
  if (readsAllDates(node)) return input.extent;
  return node.asOf ? input.epoch : '';
}

/** as_of nodes and the tests that judge dates alone look at each date for itself; views hold no rows. */
const readsAllDates = (node: Node): boolean =>
  node.check ? !node.check.judgesDatesAlone : node.storesRows && node.asOf === undefined;

/** The version of an as_of node once it holds these ranges, made again or not. */
export const withExtent = (
  version: Version,
  ranges: readonly Interval[],
  epoch: string,
): Version => ({ ...version, extent: hashOf([ranges, epoch]), epoch });
