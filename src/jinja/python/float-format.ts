/** `%.<digits>f`: exact ties go to the even digit, where `toFixed` rounds them up. */
export function fixedText(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const places = Math.min(digits, 100);
  const text = Math.abs(value) >= 1e21 ? bigFixed(value, places) : value.toFixed(places);
  return isTie(value, places) && isOdd(text) ? stepDown(value, places) : text;
}

function bigFixed(value: number, digits: number): string {
  return digits === 0 ? String(BigInt(value)) : `${BigInt(value)}.${'0'.repeat(digits)}`;
}

function isTie(value: number, digits: number): boolean {
  // A double below 2^53 that is a tie has few binary places, so 30 decimals more are exact.
  if (Math.abs(value) >= 2 ** 53 || digits > 60) return false;
  const exact = value.toFixed(digits + 30);
  return /^50*$/.test(exact.slice(exact.length - 30));
}

function isOdd(text: string): boolean {
  return Number(text.at(-1)) % 2 === 1;
}

/** The neighbour nearer to zero: of a tie, the one whose last digit is even. */
function stepDown(value: number, digits: number): string {
  const exact = value.toFixed(digits + 30);
  const cut = exact.slice(0, exact.length - 30);
  return cut.endsWith('.') ? cut.slice(0, -1) : cut;
}

/** `%.<digits>e` with at least two digits in the exponent. */
export function scientificText(value: number, digits: number): string {
  const text = value.toExponential(Math.min(digits, 100));
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** `%.<digits>g`: the shorter of the two, without trailing zeros. */
export function generalText(value: number, digits: number): string {
  const precision = Math.max(1, digits);
  const exponent = Number(value.toExponential(Math.min(precision - 1, 100)).split('e')[1]);
  if (exponent < -4 || exponent >= precision) {
    return scientificText(value, precision - 1).replace(/\.?0+e/, 'e');
  }
  const text = fixedText(value, precision - 1 - exponent);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
