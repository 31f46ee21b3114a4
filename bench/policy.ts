import { type EventSize, SENSITIVE } from './events.js';

const KINDS: Readonly<Record<string, string>> = {
  'user.id': 'account-id',
  'user.mobile': 'cn-mobile',
  'user.name': 'person-name',
  'user.id_card': 'cn-id-card',
  'user.email': 'email',
  'user.birthday': 'birth-date',
  'address.street': 'address-cn',
  'recipient.phone': 'cn-mobile',
};

const KEPT: Readonly<Record<EventSize, readonly string[]>> = {
  small: [
    'order_id',
    'created_at',
    'channel',
    'items[].sku',
    'items[].price',
    'items[].quantity',
    'address.province',
    'address.city',
  ],
  large: [
    ...['order_id', 'created_at', 'channel', 'items[].sku', 'items[].price', 'items[].quantity'],
    ...[
      'address.province',
      'address.city',
      'recipient.relation',
      'delivery[].at',
      'delivery[].status',
      'delivery[].station',
    ],
  ],
};

/**
 * The policy of the bench: every sensitive path becomes a keyed token, everything else is kept, so that the work is that of the
 * naive job plus normal forms, checks and default deny.
 */
export function benchPolicy(size: EventSize, source: string, sink: string, quarantine: string): string {
  const rules = SENSITIVE[size].map(([parent, name]) => {
    const path = `${parent}.${name}`;
    return `  ${path}: { is: ${KINDS[path]}, do: pseudonymize, domain: bench-${name.replace('_', '-')} }`;
  });
  return [
    'version: 1',
    `name: bench-${size}`,
    'purpose: benchmark',
    `source: { topic: ${source}, format: json }`,
    `sink: { topic: ${sink} }`,
    `quarantine: { topic: ${quarantine} }`,
    'key: user.id',
    'fields:',
    ...rules,
    ...KEPT[size].map(path => `  ${path}: { do: keep, because: benchmark }`),
    '',
  ].join('\n');
}
