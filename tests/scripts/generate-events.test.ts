import { describe, expect, it } from 'vitest';
import { DAMAGES, damagedOrder, EventGenerator, ORDER_COLUMNS, orderCsvRow } from '../../scripts/generate-events.js';

const OPTIONS = { seed: 7, people: 50 };

/** Average size in bytes of the first 500 orders. */
function averageSize(size: 'small' | 'large'): number {
  const generator = new EventGenerator({ ...OPTIONS, size });
  let bytes = 0;
  for (let n = 0; n < 500; n++) bytes += Buffer.byteLength(JSON.stringify(generator.order(n)));
  return bytes / 500;
}

describe('generated events', () => {
  it('are the same for the same seed, in any order, and different for another', () => {
    const [one, two] = [new EventGenerator(OPTIONS), new EventGenerator(OPTIONS)];
    const backwards = [3, 2, 1, 0].map(n => two.order(n)).reverse();
    expect([0, 1, 2, 3].map(n => one.order(n))).toEqual(backwards);
    expect(new EventGenerator({ ...OPTIONS, seed: 8 }).order(0)).not.toEqual(one.order(0));
  });

  it('have the sizes that the bench names', () => {
    expect(averageSize('small')).toBeGreaterThan(400);
    expect(averageSize('small')).toBeLessThan(600);
    expect(averageSize('large')).toBeGreaterThan(1300);
    expect(averageSize('large')).toBeLessThan(1700);
  });

  it('have valid identity numbers (ISO 7064 MOD 11-2) that agree with the birthday', () => {
    const generator = new EventGenerator(OPTIONS);
    for (let n = 0; n < 200; n++) {
      const { id_card, birthday, mobile } = generator.order(n).user;
      const values = [...id_card].map(c => (c === 'X' ? 10 : Number(c)));
      // MOD 11-2: the polynomial in 2 over all characters is 1.
      expect(values.reduce((rest, value) => (rest * 2 + value) % 11, 0)).toBe(1);
      expect(id_card.slice(6, 14)).toBe(birthday.replaceAll('-', ''));
      expect(mobile).toMatch(/^1[3-9]\d{9}$/);
    }
  });

  it('have valid card numbers (Luhn) and people of the orders', () => {
    const generator = new EventGenerator(OPTIONS);
    const ids = new Set(Array.from({ length: 500 }, (_, n) => generator.order(n).user.id));
    for (let n = 0; n < 100; n++) {
      const { bank_card, id } = generator.payment(n).user;
      const doubled = [...bank_card].reverse().map((c, i) => (i % 2 === 1 ? Number(c) * 2 : Number(c)));
      expect(doubled.reduce((sum, d) => sum + (d > 9 ? d - 9 : d), 0) % 10).toBe(0);
      expect(ids.has(id)).toBe(true);
    }
  });

  it('say the same as CSV rows', () => {
    const order = new EventGenerator(OPTIONS).order(5);
    const cells = orderCsvRow(order).split(',');
    const cell = (column: string): string | undefined => cells[ORDER_COLUMNS.indexOf(column)];
    expect(cells).toHaveLength(ORDER_COLUMNS.length);
    expect(cell('user.id_card')).toBe(order.user.id_card);
    expect(cell('items[0].price')).toBe(String(order.items[0]?.price));
    expect(cell('address.street')).toBe(order.address.street);
  });

  it.each(DAMAGES)('can be damaged: %s', damage => {
    const order = new EventGenerator(OPTIONS).order(5);
    const text = damagedOrder(order, damage);
    expect(text).not.toBe(JSON.stringify(order));
    expect(text).not.toBe(damagedOrder(order, DAMAGES[(DAMAGES.indexOf(damage) + 1) % DAMAGES.length] ?? 'cut'));
  });
});
