import { type Address, digits, People, type Person } from './generated-people.js';
import { SeededNumbers } from './seeded-numbers.js';

/** One line of an order. */
export interface OrderItem {
  readonly sku: string;
  readonly price: number;
  readonly quantity: number;
}

/** An order as a shop would publish it. `recipient` and `delivery` are there in large events only. */
export interface OrderEvent {
  readonly order_id: string;
  /** ISO 8601 with the offset of China. */
  readonly created_at: string;
  readonly channel: string;
  readonly user: Person;
  readonly items: readonly OrderItem[];
  readonly address: Address;
  readonly recipient?: { readonly relation: string; readonly phone: string };
  readonly delivery?: readonly { readonly at: string; readonly status: string; readonly station: string }[];
}

/** A payment of the same people, for joins. */
export interface PaymentEvent {
  readonly payment_id: string;
  readonly paid_at: string;
  readonly user: { readonly id: string; readonly bank_card: string };
  readonly amount: number;
  readonly method: string;
}

/** What is generated. */
export interface GeneratorOptions {
  readonly seed: number;
  /** Number of distinct people. */
  readonly people: number;
  /** About 500 bytes, or about 1,500. */
  readonly size?: 'small' | 'large';
}

const START = Date.UTC(2026, 0, 1);
const CHANNELS = ['app', 'web', 'mini-program', 'store'] as const;
const METHODS = ['alipay', 'wechat', 'unionpay'] as const;
const STATIONS = ['浦东转运中心', '白云转运中心', '武侯营业部', '余杭集散中心', '顺义转运中心'] as const;
const STATUSES = ['collected', 'in transit', 'sorted', 'out for delivery', 'delivered'] as const;
const RELATIONS = ['self', 'family', 'colleague', 'reception'] as const;
/** Items that a CSV row has columns for; small orders never have more. */
const CSV_ITEMS = 3;

/** Makes realistic events; the same options and number always give the same event. */
export class EventGenerator {
  readonly #options: Required<GeneratorOptions>;
  readonly #people: People;
  readonly #known: Person[] = [];

  constructor(options: GeneratorOptions) {
    this.#options = { size: 'small', ...options };
    this.#people = new People(options.seed);
    for (let n = 0; n < options.people; n++) this.#known.push(this.#people.person(n));
  }

  /** Order number `n`. */
  order(n: number): OrderEvent {
    const numbers = new SeededNumbers(this.#options.seed + 2, n);
    const large = this.#options.size === 'large';
    const at = START + n * 1000 + numbers.below(1000);
    const items = Array.from({ length: large ? 11 : 1 + numbers.below(CSV_ITEMS) }, () => ({
      sku: `SKU-${digits(numbers.below(1_000_000), 6)}`,
      price: (1 + numbers.below(500_000)) / 100,
      quantity: 1 + numbers.below(3),
    }));
    const order = {
      order_id: `SO${digits(n, 10)}`,
      created_at: chinaTime(at),
      channel: numbers.pick(CHANNELS),
      user: numbers.pick(this.#known),
      items,
      address: this.#people.address(n),
    };
    return large ? { ...order, ...this.#delivery(numbers, at) } : order;
  }

  #delivery(numbers: SeededNumbers, at: number): Pick<OrderEvent, 'recipient' | 'delivery'> {
    const { mobile } = numbers.pick(this.#known);
    const steps = STATUSES.map((status, i) => ({
      at: chinaTime(at + i * 7_200_000),
      status,
      station: numbers.pick(STATIONS),
    }));
    return { recipient: { relation: numbers.pick(RELATIONS), phone: mobile }, delivery: steps };
  }

  /** Payment number `n`. */
  payment(n: number): PaymentEvent {
    const numbers = new SeededNumbers(this.#options.seed + 3, n);
    const body = `622202${digits(numbers.below(1_000_000_000), 9)}`;
    return {
      payment_id: `PY${digits(n, 10)}`,
      paid_at: chinaTime(START + n * 1000),
      user: { id: numbers.pick(this.#known).id, bank_card: body + luhnDigit(body) },
      amount: (1 + numbers.below(500_000)) / 100,
      method: numbers.pick(METHODS),
    };
  }
}

/** Column names of the flat form: the field paths of the JSON form. */
export const ORDER_COLUMNS: readonly string[] = [
  ...['order_id', 'created_at', 'channel'],
  ...['id', 'mobile', 'name', 'id_card', 'email', 'birthday'].map(name => `user.${name}`),
  ...Array.from({ length: CSV_ITEMS }, (_, i) =>
    ['sku', 'price', 'quantity'].map(name => `items[${i}].${name}`),
  ).flat(),
  ...['province', 'city', 'street'].map(name => `address.${name}`),
];

/** A small order as one CSV row (RFC 4180, without line end) in the order of `ORDER_COLUMNS`; items that are not there are empty cells. */
export function orderCsvRow(order: OrderEvent): string {
  const { user, address } = order;
  const cells = [order.order_id, order.created_at, order.channel];
  cells.push(user.id, user.mobile, user.name, user.id_card, user.email, user.birthday);
  for (let i = 0; i < CSV_ITEMS; i++) {
    const item = order.items[i];
    cells.push(...(item === undefined ? ['', '', ''] : [item.sku, String(item.price), String(item.quantity)]));
  }
  cells.push(address.province, address.city, address.street);
  return cells.map(csvCell).join(',');
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Ways in which producers break records; each must end in quarantine. */
export const DAMAGES = ['cut', 'mobile', 'date', 'type', 'duplicate'] as const;

/** A broken form of an order, as text. */
export function damagedOrder(order: OrderEvent, damage: (typeof DAMAGES)[number]): string {
  const { user } = order;
  const broken = (change: object): string => JSON.stringify({ ...order, user: { ...user, ...change } });
  switch (damage) {
    case 'cut':
      return JSON.stringify(order).slice(0, -20);
    case 'mobile':
      return broken({ mobile: `${user.mobile.slice(0, 5)}` });
    case 'date':
      return broken({ birthday: `${user.birthday.slice(0, 4)}-02-30` });
    case 'type':
      return broken({ mobile: { number: user.mobile } });
    case 'duplicate':
      return JSON.stringify(order).replace('"channel":', '"order_id":"SO0","channel":');
  }
}

function chinaTime(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
}

/** ISO/IEC 7812-1, annex B. */
function luhnDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]) * (i % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return String((10 - (sum % 10)) % 10);
}
