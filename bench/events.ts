import { EventGenerator } from '../scripts/generate-events.js';

/** Which events a question is about. */
export type EventSize = 'small' | 'large';

/** The paths that hold personal information, as member names. Seven in small events, eight in large ones. */
export const SENSITIVE: Readonly<Record<EventSize, readonly (readonly [string, string])[]>> = {
  small: [
    ['user', 'id'],
    ['user', 'mobile'],
    ['user', 'name'],
    ['user', 'id_card'],
    ['user', 'email'],
    ['user', 'birthday'],
    ['address', 'street'],
  ],
  large: [
    ['user', 'id'],
    ['user', 'mobile'],
    ['user', 'name'],
    ['user', 'id_card'],
    ['user', 'email'],
    ['user', 'birthday'],
    ['address', 'street'],
    ['recipient', 'phone'],
  ],
};

/** Seed of the bench's events. */
export const SEED = 20_260_101;

/** `count` events as JSON bytes, one for each record. */
export function benchEvents(size: EventSize, count: number): Uint8Array[] {
  const generator = new EventGenerator({ seed: SEED, people: Math.max(1, count >> 2), size });
  return Array.from({ length: count }, (_, n) => Buffer.from(JSON.stringify(generator.order(n))));
}

/** Mean length in bytes. */
export function meanLength(events: readonly Uint8Array[]): number {
  return Math.round(events.reduce((sum, event) => sum + event.length, 0) / events.length);
}
