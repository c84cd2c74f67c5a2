/** A bare ref() or source() call, which dbt takes as a template. */
const CALL = /^\s*(ref|source)\s*\(.*\)\s*$/s;

/** The template an argument of a generic test is; undefined for plain text. */
export function testArgument(value: string): string | undefined {
  if (CALL.test(value)) return `{{ ${value} }}`;
  return value.includes('{{') || value.includes('{%') ? value : undefined;
}
