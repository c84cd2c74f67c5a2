import type { Fingerprint, Node } from '../core/node.ts';
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

function changedParts(before: Fingerprint, after: Fingerprint): string[] {
  const macros = Object.keys({ ...before.macros, ...after.macros }).filter(
    (name) => before.macros[name] !== after.macros[name],
  );
  return [
    ...(before.sql === after.sql ? [] : ['SQL']),
    ...(before.config === after.config ? [] : ['config']),
    ...macros.sort().map((name) => `macro ${name}`),
  ];
}

/** `model.velo.runs` → `runs`, `source.velo.hk.runs` → `hk.runs`. */
const shortName = (id: string): string => {
  const [kind, , ...rest] = id.split('.');
  return kind === 'source' ? rest.join('.') : (rest[0] ?? id);
};
