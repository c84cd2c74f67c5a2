import type { DocsData } from './docs-data.ts';

/** The files the page is made of. */
export interface DocsParts {
  /** With `{{style}}`, `{{data}}`, `{{script}}` and `{{title}}` where the others go. */
  readonly html: string;
  readonly style: string;
  readonly script: string;
}

/** One file of HTML that needs nothing beside it. Pure. */
export function docsPage(data: DocsData, { html, style, script }: DocsParts): string {
  const parts: Readonly<Record<string, string>> = {
    title: escaped(`${data.project} – velo docs`),
    style,
    // Nothing in the data can end the script it stands in, or begin a comment.
    data: JSON.stringify(data).replaceAll('<', '\\u003c'),
    script: script.replaceAll('</script', '<\\/script'),
  };
  return html.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => parts[name] ?? whole);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
