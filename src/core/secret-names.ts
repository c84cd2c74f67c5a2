/** Environment variables that only the profile and the lists of packages may read, and nothing prints. */
const SECRET = /^(?:DBT_ENV_SECRET|VELO_SECRET)/;

export const isSecretName = (name: string): boolean => SECRET.test(name);

const MASK = '*****';

/** A text with the values of the secret variables covered. */
export function concealSecrets(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return secretValues(environment).reduce((shown, value) => shown.replaceAll(value, MASK), text);
}

/** What is to be covered: the longest first, as one may be part of another. */
export const secretValues = (
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] =>
  Object.entries(environment)
    .flatMap(([name, value]) => (isSecretName(name) && value ? [value] : []))
    .sort((a, b) => b.length - a.length);
