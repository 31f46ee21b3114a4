/**
 * Asks the host whether the unlisted member name from `start` on may be remembered: it looks like a field name and not like data
 * (a decision over Unicode classes, made once for each new name).
 */
export declare function mayRemember(start: usize, size: usize): bool;
