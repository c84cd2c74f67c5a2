/** dbt's errors by where they stand, each up to the next line with a time; then velo's own. */
const ERRORS: readonly RegExp[] = [
  /^(?:HH:MM:SS {2})?\[ERROR\]: Encountered an error(?: while running operation)?:[\s\S]*?(?=^HH:MM:SS|(?![\s\S]))/gm,
  /^(?:\d\d:\d\d:\d\d {2})?\[ERROR\]: Encountered an error while running operation:[\s\S]*?^ *docs: .*\n/gm,
  /^(?:HH:MM:SS {2})?\[ERROR\]: The YAML provided .*\n/gm,
  /^(?:HH:MM:SS {2})?\[ERROR\]: Error while parsing node: [\s\S]*?(?=^HH:MM:SS|^<error>)/gm,
  /^Usage: dbt [\s\S]*(?![\s\S])/gm,
  /^error: (?:unknown|option|missing)[\s\S]*(?![\s\S])/gm,
  /^ *error\[[\s\S]*?^ *docs: .*\n/gm,
];

/** Of a node: dbt's message follows this line, velo's own error is taken out already. */
const NODE_ERROR =
  /^((?:HH:MM:SS {2}|\d\d:\d\d:\d\d {2})? *(?:(?:Compilation|Runtime|Database|Dependency|Parsing) Error in .*|\S+ failed, error:)\n)((?!HH:MM:SS|\d\d:\d\d:\d\d)[\s\S]*?)(?=^HH:MM:SS|^\d\d:\d\d:\d\d)/gm;

/**
 * The text with `<error>` where an error stands, and its texts added to `errors`: what is wrong is said in other words, with
 * file, line and hint; that something is, and of which node, must be said by both.
 */
export function takeErrors(text: string, errors: string[]): string {
  const take = (error: string) => {
    errors.push(error.trim());
    return '<error>\n';
  };
  const told = ERRORS.reduce((rest, pattern) => rest.replace(pattern, take), text);
  return (
    told
      .replace(
        NODE_ERROR,
        (_, first: string, rest: string) => first + (rest === '<error>\n' ? rest : take(rest)),
      )
      .replace(/(?:<error>\n)+/g, '<error>\n')
      // dbt has another error around that of a fixture.
      .replace(/(?:Compilation|Runtime) Error in (?=unit_test )/g, 'Error in ')
  );
}
