import { expect, it } from 'vitest';
import { isLoopbackHost } from '../../src/core/loopback.js';

it.each(['127.0.0.1', '127.255.0.9', 'localhost', 'LOCALHOST', '::1', '[::1]'])('%s is this machine', host => {
  expect(isLoopbackHost(host)).toBe(true);
});

it.each(['', '10.0.0.1', 'db.example', '127.0.0.1.example', 'localhost.example', '::2', '0.0.0.0', '1127.0.0.1'])(
  '%j is another machine',
  host => expect(isLoopbackHost(host)).toBe(false),
);
