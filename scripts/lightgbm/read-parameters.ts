import type { Parameter, ParameterType } from '../../src/lightgbm/parameter-list.ts';

const MEMBER = /^ {2}(std::vector<[\w:]+>|std::string|double|int|bool|TaskType) (\w+)(?: = .*)?;$/;
const NOTE = /^ {2}\/\/ (alias|check|options|type) = (.*)$/;

const TYPES: Readonly<Record<string, ParameterType>> = {
  int: 'int',
  double: 'number',
  bool: 'boolean',
  'std::string': 'text',
  'std::vector<int>': 'ints',
  'std::vector<int8_t>': 'ints',
  'std::vector<int32_t>': 'ints',
  'std::vector<double>': 'numbers',
  'std::vector<std::string>': 'texts',
  'multi-int or string': 'texts',
};

/**
 * The parameters that LightGBM's `config.h` declares between its "Parameters" regions: each is a member with its notes in the
 * comments before it.
 */
export function readParameters(header: string): Parameter[] {
  const parameters: Parameter[] = [];
  let notes: { readonly key: string; readonly text: string }[] = [];
  for (const line of header.slice(header.indexOf('#pragma region Parameters')).split('\n')) {
    const [, key, text] = NOTE.exec(line) ?? [];
    const [, cppType, name] = MEMBER.exec(line) ?? [];
    if (key !== undefined && text !== undefined) notes.push({ key, text });
    if (line.includes('size_t file_load_progress')) break;
    if (cppType === undefined || name === undefined) continue;
    parameters.push(parameterOf(name, cppType, notes));
    notes = [];
  }
  return parameters;
}

function parameterOf(
  name: string,
  cppType: string,
  notes: readonly { readonly key: string; readonly text: string }[],
): Parameter {
  const all = (key: string) => notes.filter((note) => note.key === key).map(({ text }) => text);
  const list = (key: string) => all(key).flatMap((text) => text.split(/,\s*/));
  const stated = all('type')[0];
  const type = TYPES[stated ?? ''] ?? TYPES[cppType] ?? 'text';
  return {
    name,
    type,
    aliases: list('alias'),
    checks: all('check').map((check) => check.replace(/\s/g, '')),
    options: list('options'),
  };
}
