import { randomBytes } from 'node:crypto';
import type { Clock, RandomSource } from '../core/ports.js';

/** Random bytes of the operating system. */
export const SYSTEM_RANDOM: RandomSource = { bytes: size => new Uint8Array(randomBytes(size)) };

/** Time of the operating system. */
export const SYSTEM_CLOCK: Clock = { now: () => Date.now() };
