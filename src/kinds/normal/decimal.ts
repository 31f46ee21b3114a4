const DECIMAL = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?(?:e([+-]?\d{1,2}))?$/i;

/**
 * The one plain spelling of a decimal number: no plus sign, exponent, leading zeros or trailing fraction zeros; `-0` is `0`. Undefined
 * for anything else, for more than 40 digits on a side and for exponents of more than two digits.
 */
export function plainDecimal(text: string): string | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  const digits = '0'.repeat(Math.max(0, -shift)) + whole + fraction + '0'.repeat(Math.max(0, shift));
  const point = Math.max(0, -shift) + whole.length + shift;
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const decimals = digits.slice(point).replace(/0+$/, '');
  const plain = (integer === '' ? '0' : integer) + (decimals === '' ? '' : `.${decimals}`);
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}
