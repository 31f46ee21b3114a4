/**
 * Luhn check digit (ISO/IEC 7812-1 Annex B) of ASCII digits `bytes[start .. end)`, which do not include the check digit:
 * a number 0-9.
 */
export function luhnDigit(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = end - 1, double = true; at >= start; at -= 1, double = !double) {
    const digit = (bytes[at] ?? 0x30) - 0x30;
    const weighted = double ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return (10 - (sum % 10)) % 10;
}

/** True when the last of the ASCII digits `bytes[start .. end)` is the Luhn check digit of the others. */
export function luhnHolds(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start > 1 && luhnDigit(bytes, start, end - 1) === (bytes[end - 1] ?? 0) - 0x30;
}

const CARD_WEIGHTS = Uint8Array.of(7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
const CARD_CHECKS = Uint8Array.of(0x31, 0x30, 0x58, 0x39, 0x38, 0x37, 0x36, 0x35, 0x34, 0x33, 0x32);

/** Check character (ASCII code of 0-9 or X) of the 17 ASCII digits at `start`: ISO 7064 MOD 11-2 as GB 11643-1999 uses it. */
export function mod11Check(bytes: Uint8Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < CARD_WEIGHTS.length; i += 1) sum += (CARD_WEIGHTS[i] ?? 0) * ((bytes[start + i] ?? 0x30) - 0x30);
  return CARD_CHECKS[sum % 11] ?? 0;
}
