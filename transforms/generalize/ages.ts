import { packedDate } from '../../src/core/calendar.js';
import type { Parameters } from '../../src/transform/spec.js';
import { WrittenDate } from '../parts/written-date.js';
import { type DatePlace, readDateAt } from './dates.js';
import type { Generalizer } from './generalizer.js';
import { Banding } from './numbers.js';

const OLDEST = 150;

/**
 * Age in full years on the reference date. As Chinese law counts (周岁), a year is full on the day after the birthday, so that
 * somebody is still a child on the 14th birthday: the careful side. Born on 29 February: full on 1 March of other years.
 */
export function ageOn(reference: number, birth: number): number {
  const years = Math.floor(reference / 10_000) - Math.floor(birth / 10_000);
  return reference % 10_000 > birth % 10_000 ? years : years - 1;
}

/**
 * Birth dates to an age or, with steps or ranges, to an age band on the packed date `reference`: a transform reads no clock, and
 * a replay must give the same result as the stream did. Somebody born after that date, or more than 150 years before: VALUE_RANGE.
 */
export function generalizeAges(params: Parameters, reference: number, place: DatePlace): Generalizer {
  const banding = new Banding(params);
  const date = new WrittenDate();
  return {
    write(bytes, start, end, row, out) {
      if (!readDateAt(date, place, bytes, start, end)) {
        out.invalid(row, 'VALUE_INVALID');
        return;
      }
      const birth = packedDate(date.day);
      // On the day of birth the rule of the day after gives -1; that child is 0 years old.
      const age = birth === reference ? 0 : ageOn(reference, birth);
      if (age < 0 || age > OLDEST) out.invalid(row, 'VALUE_RANGE');
      else banding.write(age, row, out);
    },
  };
}
