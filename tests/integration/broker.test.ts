import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ownBroker, sharedBroker } from '../testkit/broker.js';

async function answers(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  const open = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return open;
}

test('a broker of its own starts, is killed, and comes back on the same port', { timeout: 180_000 }, async () => {
  const broker = await ownBroker();
  try {
    expect(await answers(broker.bootstrap)).toBe(true);
    await broker.kill();
    expect(await answers(broker.bootstrap)).toBe(false);
    await broker.restart();
    expect(await answers(broker.bootstrap)).toBe(true);
  } finally {
    await broker.stop();
  }
});

test('the shared broker is one broker however often it is asked for', { timeout: 180_000 }, async () => {
  const [first, second] = await Promise.all([sharedBroker(), sharedBroker()]);
  expect(first).toBe(second);
  expect(await answers(first)).toBe(true);
});
