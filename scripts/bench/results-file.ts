const HEADING = /^## (.+)$/m;

/**
 * The text of `results.md`: the header, then a section for each name in `order` that is in `fresh`, or else in
 * `before`, the text so far. Sections under other names are dropped.
 */
export function resultsText(
  before: string,
  header: string,
  fresh: ReadonlyMap<string, string>,
  order: readonly string[],
): string {
  const old = sectionsOf(before);
  const sections = order.flatMap((name) => {
    const body = fresh.get(name) ?? old.get(name);
    return body === undefined ? [] : [`## ${name}\n\n${body.trim()}\n`];
  });
  return [`${header.trim()}\n`, ...sections].join('\n');
}

/** Each second-level heading with the text below it. */
function sectionsOf(text: string): Map<string, string> {
  const [, ...parts] = text.split(HEADING);
  const sections = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2) sections.set(parts[i] ?? '', parts[i + 1] ?? '');
  return sections;
}
