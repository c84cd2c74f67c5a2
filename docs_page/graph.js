// @ts-check
/** Nodes of a picture that Tab goes through one by one. */
const MOST_STOPS = 40;

/**
 * A picture of some nodes that can be moved and zoomed.
 * @param {Site} site @param {ReadonlySet<number>} shown @param {number | undefined} focus @param {Part[]} tools
 */
function graphOf(site, shown, focus, tools) {
  const layout = layOut(site, shown);
  const scene = svg('g', {});
  const picture = svg(
    'svg',
    { role: 'group', 'aria-label': `Lineage of ${plural(shown.size, 'node')}` },
    scene,
  );
  const edges = layout.edges.map(([from, to]) => {
    const path = svg('path', { class: 'edge', d: edgePath(layout, from, to) });
    return { from, to, path };
  });
  append(
    scene,
    edges.map(({ path }) => path),
  );
  /** @type {Map<number, SVGElement>} */
  const drawn = new Map();
  for (const i of shown) {
    const element = nodeShape(site, layout, i, i === focus);
    for (const event of ['mouseenter', 'focus']) element.addEventListener(event, () => light(i));
    for (const event of ['mouseleave', 'blur']) element.addEventListener(event, () => light(focus));
    // Of many, the list of nodes is the way by keyboard.
    if (shown.size > MOST_STOPS) element.setAttribute('tabindex', '-1');
    drawn.set(i, element);
  }
  append(scene, [...drawn.values()]);
  const light = (/** @type {number | undefined} */ i) => {
    for (const { from, to, path } of edges) path.classList.toggle('near', from === i || to === i);
  };
  light(focus);
  const camera = cameraOf(picture, scene, layout);
  const fit = h('button', { title: 'Show all of it', click: () => camera.fit() }, 'Fit');
  const zoom = [
    ['+', 1.3],
    ['−', 1 / 1.3],
  ].map(([sign, factor]) =>
    h('button', { title: 'Zoom', click: () => camera.zoom(Number(factor)) }, sign),
  );
  const view = h(
    'div',
    { class: 'graph' },
    h('div', { class: 'tools' }, ...tools, ...zoom, fit),
    h(
      'div',
      { class: 'note' },
      `${plural(shown.size, 'node')}, ${plural(layout.edges.length, 'edge')}; drag to move, wheel to zoom, click to open`,
    ),
  );
  view.prepend(picture);
  requestAnimationFrame(() => (focus === undefined ? camera.fit() : camera.lookAt(focus)));
  return view;
}

/** @param {Site} site @param {Layout} layout @param {number} i @param {boolean} isFocus */
function nodeShape({ nodes }, { at }, i, isFocus) {
  const node = /** @type {DocsNode} */ (nodes[i]);
  const [x, y] = at.get(i) ?? [0, 0];
  const name = node.name.length > 25 ? `${node.name.slice(0, 24)}…` : node.name;
  const element = svg(
    'a',
    {
      href: linkTo(node),
      class: isFocus ? 'node on' : 'node',
      transform: `translate(${x} ${y})`,
      style: `--colour: ${colourOf(node)}`,
    },
    svg(
      'title',
      {},
      `${node.name}\n${kindOf(node)}${node.description ? `\n${node.description.slice(0, 200)}` : ''}`,
    ),
    svg('rect', { width: NODE_WIDTH, height: NODE_HEIGHT, rx: 6 }),
    svg('rect', { class: 'bar', width: 5, height: NODE_HEIGHT, rx: 2 }),
    svg('text', { x: 14, y: 20 }, name),
  );
  // What is dragged is the picture.
  element.addEventListener('dragstart', (event) => event.preventDefault());
  return element;
}

/** @param {Layout} layout @param {number} from @param {number} to */
function edgePath({ at }, from, to) {
  const [x1, y1] = at.get(from) ?? [0, 0];
  const [x2, y2] = at.get(to) ?? [0, 0];
  const [startX, startY, endX, endY] = [
    x1 + NODE_WIDTH,
    y1 + NODE_HEIGHT / 2,
    x2,
    y2 + NODE_HEIGHT / 2,
  ];
  const bend = Math.max(30, (endX - startX) / 2);
  return `M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
}

/** Beneath it names could not be read. */
const FAR = 0.35;
/** Names can be read well. */
const READABLE = 0.8;

/** @param {SVGElement} picture @param {SVGElement} scene @param {Layout} layout */
function cameraOf(picture, scene, { at, width, height }) {
  let [x, y, scale] = [0, 0, 1];
  const draw = () => {
    scene.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
    picture.classList.toggle('far', scale < FAR);
  };
  /** @param {number} factor @param {number} atX @param {number} atY */
  const zoomAt = (factor, atX, atY) => {
    const next = Math.min(3, Math.max(0.02, scale * factor));
    [x, y] = [atX - ((atX - x) * next) / scale, atY - ((atY - y) * next) / scale];
    scale = next;
    draw();
  };
  picture.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const box = picture.getBoundingClientRect();
      zoomAt(Math.exp(-event.deltaY / 500), event.clientX - box.left, event.clientY - box.top);
    },
    { passive: false },
  );
  drag(picture, (dx, dy) => {
    [x, y] = [x + dx, y + dy];
    draw();
  });
  const fit = () => {
    const [w, t] = [picture.clientWidth || 800, picture.clientHeight || 340];
    scale = Math.min(1, (w - 40) / Math.max(1, width), (t - 60) / Math.max(1, height));
    [x, y] = [(w - width * scale) / 2, (t - height * scale) / 2 + 8];
    draw();
  };
  return {
    fit,
    /** All of it or, where that would be too small to read, what is around a node. @param {number} position */
    lookAt(position) {
      fit();
      if (scale >= READABLE) return;
      scale = READABLE;
      const [left, top] = at.get(position) ?? [0, 0];
      x = picture.clientWidth / 2 - (left + NODE_WIDTH / 2) * scale;
      y = picture.clientHeight / 2 - (top + NODE_HEIGHT / 2) * scale;
      draw();
    },
    zoom: (/** @type {number} */ factor) =>
      zoomAt(factor, picture.clientWidth / 2, picture.clientHeight / 2),
  };
}

/** Moves begin after some pixels, so that a click stays one. @param {SVGElement} picture @param {(dx: number, dy: number) => void} move */
function drag(picture, move) {
  /** @type {{ x: number, y: number, moved: boolean } | undefined} */
  let held;
  picture.addEventListener('pointerdown', ({ clientX, clientY }) => {
    held = { x: clientX, y: clientY, moved: false };
  });
  picture.addEventListener('pointermove', (event) => {
    if (!held) return;
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.moved && Math.abs(dx) + Math.abs(dy) < 4) return;
    if (!held.moved) {
      picture.setPointerCapture(event.pointerId);
      picture.classList.add('drag');
    }
    held = { x: event.clientX, y: event.clientY, moved: true };
    move(dx, dy);
  });
  const end = () => {
    held = undefined;
    picture.classList.remove('drag');
  };
  picture.addEventListener('pointerup', end);
  picture.addEventListener('pointercancel', end);
}

const MOST_STEPS = 99;

/** A picture around one node, with how far it looks. @param {Site} site @param {number} focus @param {number} [up] @param {number} [down] */
function focusGraph(site, focus, up = 2, down = 2) {
  const holder = h('div', { style: 'height: 100%' });
  let [above, below] = [up, down];
  const draw = () => {
    const choose = (
      /** @type {string} */ label,
      /** @type {number} */ value,
      /** @type {(n: number) => void} */ set,
    ) =>
      h(
        'label',
        {},
        h('span', {}, label),
        stepChoice(value, (n) => {
          set(n);
          draw();
        }),
      );
    const tools = [
      choose('up', above, (n) => {
        above = n;
      }),
      choose('down', below, (n) => {
        below = n;
      }),
    ];
    holder.replaceChildren(graphOf(site, around(site, focus, above, below), focus, tools));
  };
  draw();
  return holder;
}

/** @param {number} value @param {(n: number) => void} chosen */
function stepChoice(value, chosen) {
  const steps = [0, 1, 2, 3, 4, 6, MOST_STEPS];
  return h(
    'select',
    {
      change: (/** @type {Event} */ event) =>
        chosen(Number(/** @type {HTMLSelectElement} */ (event.target).value)),
    },
    steps.map((n) =>
      h('option', { value: n, selected: n === value }, n === MOST_STEPS ? 'all' : String(n)),
    ),
  );
}
