import { type Fingerprint, type Node, RENDERED } from '../core/node.ts';
import type { NodeState } from '../core/node-state.ts';
import type { Reason } from '../core/plan.ts';
import type { Version } from './versions.ts';

/** Why a node's rows are no longer those its code and inputs would make, in words; empty when they are. */
export function changesOf(node: Node, version: Version, state: NodeState): Reason[] {
  if (state.version === version.version) return [];
  const code = changedParts(state.fingerprint, node.fingerprint);
  const inputs = Object.keys({ ...version.inputs, ...state.inputs }).filter(
    (id) => version.inputs[id] !== state.inputs[id],
  );
  return [
    ...(code.length > 0 ? [{ code: 'code-changed' as const, text: code.join(', ') }] : []),
    ...(inputs.length > 0
      ? [{ code: 'input-changed' as const, text: inputs.map(shortName).join(', ') }]
      : []),
  ];
}

/** What the text rendered to changes with everything else; it is a reason only by itself. */
function changedParts(before: Fingerprint, after: Fingerprint): string[] {
  const parts = Object.keys({ ...before, ...after })
    .filter((part) => before[part] !== after[part])
    .sort();
  const others = parts.filter((part) => part !== RENDERED);
  return others.length > 0 ? others : parts;
}

/** `model.velo.runs` → `runs`, `source.velo.hk.runs` → `hk.runs`. */
const shortName = (id: string): string => {
  const [kind, , ...rest] = id.split('.');
  return kind === 'source' ? rest.join('.') : (rest[0] ?? id);
};
