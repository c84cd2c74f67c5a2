import type { Element } from './xml.ts';

interface Rule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
}

const RESULT: Rule = { required: [], optional: ['type', 'message'], children: [] };
const TEXT: Rule = { required: [], optional: [], children: [] };

/** What junit-10.xsd of Jenkins' xUnit plugin lets each element have; the rest of it velo does not use. */
const RULES: Readonly<Record<string, Rule>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors'],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: RESULT,
  error: RESULT,
  skipped: RESULT,
  'system-out': TEXT,
};

const SUREFIRE_TIME = /^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$/;

/** What the schema has against a document; empty when it is valid. */
export function junitFaults(element: Element): readonly string[] {
  const { name, attributes, children } = element;
  const rule = RULES[name];
  if (!rule) return [`no element ${name}`];
  const known = [...rule.required, ...rule.optional];
  return [
    ...rule.required.filter((one) => !(one in attributes)).map((one) => `${name} lacks ${one}`),
    ...Object.keys(attributes)
      .filter((one) => !known.includes(one))
      .map((one) => `${name} has ${one}`),
    ...(attributes['time'] === undefined || SUREFIRE_TIME.test(attributes['time'])
      ? []
      : [`time ${attributes['time']}`]),
    ...children
      .filter((child) => !rule.children.includes(child.name))
      .map((child) => `${child.name} in ${name}`),
    ...children.flatMap(junitFaults),
  ];
}
