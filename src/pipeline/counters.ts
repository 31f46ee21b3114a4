import type { Code } from '../core/codes.js';

/** Counts of one field (rule): names and numbers only. */
export interface FieldCounts {
  transformed: number;
  nulls: number;
  refused: number;
}

/** Counts since the pipeline was opened. `in` = forwarded + dropped + quarantined, always. */
export class Counters {
  in = 0;
  forwarded = 0;
  dropped = 0;
  quarantined = 0;
  readonly codes = new Map<Code, number>();
  readonly fields = new Map<string, FieldCounts & { readonly transform: string; readonly kind: string }>();

  /** Counts of the rule at `path`, made on first use. */
  field(path: string, transform: string, kind: string): FieldCounts {
    let counts = this.fields.get(path);
    if (counts === undefined) {
      counts = { transformed: 0, nulls: 0, refused: 0, transform, kind };
      this.fields.set(path, counts);
    }
    return counts;
  }

  /** One record was dropped or quarantined for `code`. */
  reason(code: Code): void {
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }
}
