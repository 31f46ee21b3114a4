import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { DAMAGES, damagedOrder, EventGenerator, ORDER_COLUMNS, orderCsvRow } from '../generate-events.js';
import type { Workspace } from '../workspace.js';

/** Whole orders. */
export const ORDERS = 100_000;
/** Payments of the same people. */
export const PAYMENTS = ORDERS / 2;
/** Orders that a broken producer wrote: each way of breaking one five times. */
export const DAMAGED = DAMAGES.length * 5;

/** The generated inputs, in the workspace. */
export interface DemoInputs {
  /** JSON lines: the orders and the damaged ones among them. */
  readonly orders: string;
  /** The whole orders alone, as the originals of a join. */
  readonly wholeOrders: string;
  /** The whole orders as CSV. */
  readonly ordersCsv: string;
  readonly payments: string;
}

/** Generates the inputs; the same on every run. */
export async function generateInputs(workspace: Workspace, onProgress: (done: number) => void): Promise<DemoInputs> {
  const generator = new EventGenerator({ seed: 2026, people: 25_000 });
  const inputs = {
    orders: workspace.file('orders.jsonl'),
    wholeOrders: workspace.file('orders.whole.jsonl'),
    ordersCsv: workspace.file('orders.csv'),
    payments: workspace.file('payments.jsonl'),
  };
  const files = {
    orders: openLines(inputs.orders),
    whole: openLines(inputs.wholeOrders),
    csv: openLines(inputs.ordersCsv),
    payments: openLines(inputs.payments),
  };
  await files.csv.write(ORDER_COLUMNS.join(','));
  for (let n = 0; n < ORDERS; n++) {
    const order = generator.order(n);
    const text = JSON.stringify(order);
    await files.orders.write(text);
    await files.whole.write(text);
    await files.csv.write(orderCsvRow(order));
    if (n % (ORDERS / DAMAGED) === 0) await files.orders.write(damaged(generator, n / (ORDERS / DAMAGED)));
    if (n % (ORDERS / PAYMENTS) === 0)
      await files.payments.write(JSON.stringify(generator.payment(n / (ORDERS / PAYMENTS))));
    if (n % 1000 === 0) onProgress(n);
  }
  for (const lines of Object.values(files)) await lines.close();
  onProgress(ORDERS);
  return inputs;
}

/** Damaged orders have numbers of their own, so that the whole ones are the same in both forms. */
function damaged(generator: EventGenerator, n: number): string {
  const damage = DAMAGES[n % DAMAGES.length] ?? 'cut';
  return damagedOrder(generator.order(ORDERS + n), damage);
}

/** A file that is written line by line. */
function openLines(path: string): { write(line: string): Promise<void>; close(): Promise<void> } {
  const stream = createWriteStream(path, { highWaterMark: 1 << 20 });
  return {
    async write(line) {
      if (!stream.write(`${line}\n`)) await once(stream, 'drain');
    },
    async close() {
      stream.end();
      await once(stream, 'close');
    },
  };
}
