import type { TransformSpec } from '../transform/spec.js';

const CLAUSES: Readonly<Record<TransformSpec['family'], string>> = {
  selection: '5.2 minimum necessary',
  suppression: '4 d), 5.2 minimum necessary',
  masking: '7.2 limits on display',
  pseudonymization: '3.15, 6.2 de-identification (pseudonyms)',
  cryptographic: '3.15, 6.2 de-identification; 6.3 a) encryption',
  generalization: '5.2 minimum necessary, 6.2 de-identification',
  perturbation: '6.2 de-identification',
  sampling: '5.2 c) quantity',
};

/** The clause of GB/T 35273-2020 that a transform serves. */
export function clauseOf(spec: TransformSpec): string {
  return CLAUSES[spec.family];
}
