/** Time, injected so that tests and the simulator own it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now(): number;
}

/** Random bytes, injected so that tests and the simulator own them. Production: the operating system's generator. */
export interface RandomSource {
  /** `size` fresh bytes. */
  bytes(size: number): Uint8Array;
}

/** Fields a log line may carry: codes, names from the policy, kinds, counts and coordinates. Never a value. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A log with a closed vocabulary: `event` is a constant of src/core/events.ts. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Numbers about the work. Names and labels are constants or names from the policy: never a value. */
export interface Metrics {
  count(name: string, by: number, labels?: Readonly<Record<string, string>>): void;
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void;
}

/** A log that writes nothing. */
export const SILENT_LOG: Log = { info() {}, warn() {}, error() {} };

/** Metrics that go nowhere. */
export const NO_METRICS: Metrics = { count() {}, gauge() {}, observe() {} };
