// @ts-check
/** @typedef {{ readonly at: Map<number, readonly [number, number]>, readonly edges: readonly (readonly [number, number])[], readonly width: number, readonly height: number }} Layout */

const NODE_WIDTH = 190;
const NODE_HEIGHT = 30;
const LAYER_WIDTH = 235;
const ROW_HEIGHT = 40;
const SWEEPS = 6;

/** The nodes that reach a node within so many steps up, and that it reaches down. @param {Site} site @param {number} focus @param {number} up @param {number} down */
function around({ nodes, children }, focus, up, down) {
  const found = new Set([focus]);
  /** @param {number} steps @param {(i: number) => readonly number[]} next */
  const walk = (steps, next) => {
    let edge = [focus];
    const seen = new Set(edge);
    for (let step = 0; step < steps && edge.length > 0; step += 1) {
      edge = edge.flatMap((i) => next(i)).filter((i) => !seen.has(i) && seen.add(i));
      for (const i of edge) found.add(i);
    }
  };
  walk(up, (i) => nodes[i]?.parents ?? []);
  walk(down, (i) => children[i] ?? []);
  return found;
}

/**
 * Layers from left to right, each node right of all it reads; within a layer nodes stand near those they are joined to.
 * @param {Site} site @param {ReadonlySet<number>} shown @returns {Layout}
 */
function layOut({ nodes, children }, shown) {
  const parentsOf = new Map(
    [...shown].map((i) => [i, (nodes[i]?.parents ?? []).filter((p) => shown.has(p))]),
  );
  const childrenOf = new Map(
    [...shown].map((i) => [i, (children[i] ?? []).filter((c) => shown.has(c))]),
  );
  const layer = layersOf(shown, parentsOf, childrenOf);
  /** @type {number[][]} */
  const layers = Array.from({ length: Math.max(0, ...layer.values()) + 1 }, () => []);
  for (const i of [...shown].sort((a, b) => a - b)) layers[layer.get(i) ?? 0]?.push(i);
  order(layers, parentsOf, childrenOf);
  const rows = Math.max(1, ...layers.map(({ length }) => length));
  const at = new Map(
    layers.flatMap((layerNodes, x) =>
      layerNodes.map(
        (i, y) =>
          /** @type {const} */ ([
            i,
            /** @type {const} */ ([
              x * LAYER_WIDTH,
              (y + (rows - layerNodes.length) / 2) * ROW_HEIGHT,
            ]),
          ]),
      ),
    ),
  );
  const edges = [...shown].flatMap((i) =>
    (parentsOf.get(i) ?? []).map((p) => /** @type {const} */ ([p, i])),
  );
  return {
    at,
    edges,
    width: layers.length * LAYER_WIDTH - (LAYER_WIDTH - NODE_WIDTH),
    height: rows * ROW_HEIGHT,
  };
}

/** @param {ReadonlySet<number>} shown @param {Map<number, number[]>} parentsOf @param {Map<number, number[]>} childrenOf */
function layersOf(shown, parentsOf, childrenOf) {
  /** @type {Map<number, number>} */
  const layer = new Map();
  const waiting = new Map([...shown].map((i) => [i, parentsOf.get(i)?.length ?? 0]));
  const ready = [...shown].filter((i) => waiting.get(i) === 0);
  for (const i of ready) layer.set(i, 0);
  for (let at = 0; at < ready.length; at += 1) {
    const i = ready[at] ?? 0;
    for (const child of childrenOf.get(i) ?? []) {
      layer.set(child, Math.max(layer.get(child) ?? 0, (layer.get(i) ?? 0) + 1));
      const left = (waiting.get(child) ?? 1) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  pullUp(layer, parentsOf, childrenOf);
  return layer;
}

/** What reads nothing stands just before the first that reads it. @param {Map<number, number>} layer @param {Map<number, number[]>} parentsOf @param {Map<number, number[]>} childrenOf */
function pullUp(layer, parentsOf, childrenOf) {
  for (const i of layer.keys()) {
    const below = childrenOf.get(i) ?? [];
    const isFirst = (parentsOf.get(i)?.length ?? 0) === 0;
    if (isFirst && below.length > 0) {
      layer.set(i, Math.min(...below.map((child) => layer.get(child) ?? 1)) - 1);
    }
  }
}

/** Sorts each layer by the mean place of the neighbours, to and fro. @param {number[][]} layers @param {Map<number, number[]>} parentsOf @param {Map<number, number[]>} childrenOf */
function order(layers, parentsOf, childrenOf) {
  const place = new Map(
    layers.flatMap((layer) =>
      layer.map((i, y) => /** @type {const} */ ([i, y - layer.length / 2])),
    ),
  );
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const neighbours = sweep % 2 === 0 ? parentsOf : childrenOf;
    const ordered = sweep % 2 === 0 ? layers : [...layers].reverse();
    for (const layer of ordered) {
      const wish = new Map(
        layer.map((i) => {
          const near = neighbours.get(i) ?? [];
          const sum = near.reduce((all, j) => all + (place.get(j) ?? 0), 0);
          return [i, near.length > 0 ? sum / near.length : (place.get(i) ?? 0)];
        }),
      );
      layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      for (const [y, i] of layer.entries()) place.set(i, y - layer.length / 2);
    }
  }
}
