import type * as Amqp from 'amqplib';
import type { LabLayout } from './layout.ts';
import { loadHooked } from './load-hooked.ts';
import type { Telemetry } from './telemetry.ts';

/** What is told of a placed order. */
export type OrderPlaced = { readonly id: string; readonly sku: string; readonly quantity: number };

/** The shop's events; without RabbitMQ nothing is told and nothing is heard. */
export type OrderEvents = {
  /** Tells of an order; false when there is nobody to tell. */
  readonly tell: (order: OrderPlaced) => boolean;
};

const queue = 'orders-placed';
/** RabbitMQ takes ten seconds to start and may never do so: look quietly. */
const reconnectMs = 2_000;
/** So many events are worked at before they are acknowledged. */
const prefetchCount = 20;

/**
 * Connects to RabbitMQ and goes on trying for as long as the process lives. With `onOrder` it also
 * hears: an event is acknowledged once `onOrder` has resolved, else it comes again.
 */
export function openOrderEvents(
  layout: LabLayout,
  log: Telemetry['log'],
  onOrder?: (order: OrderPlaced) => Promise<void>,
): OrderEvents {
  const amqp = loadHooked<typeof Amqp>('amqplib');
  let channel: Amqp.Channel | undefined;
  const again = (): void => {
    channel = undefined;
    setTimeout(() => void connect(), reconnectMs).unref();
  };
  const connect = async (): Promise<void> => {
    try {
      const model: Amqp.ChannelModel = await amqp.connect(layout.rabbitmqUrl);
      model.on('error', (error: unknown) => log.warn({ err: error }, 'RabbitMQ went away'));
      model.once('close', again);
      const fresh = await model.createChannel();
      fresh.on('error', (error: unknown) => log.warn({ err: error }, 'the channel failed'));
      await fresh.assertQueue(queue, { durable: true });
      if (onOrder) await consume(fresh, onOrder, log);
      channel = fresh;
      log.info('connected to RabbitMQ');
    } catch {
      again();
    }
  };
  void connect();
  return {
    tell: (order) =>
      channel?.sendToQueue(queue, Buffer.from(JSON.stringify(order)), { persistent: true }) ??
      false,
  };
}

async function consume(
  channel: Amqp.Channel,
  onOrder: (order: OrderPlaced) => Promise<void>,
  log: Telemetry['log'],
): Promise<void> {
  await channel.prefetch(prefetchCount);
  await channel.consume(queue, (message) => {
    if (message === null) return;
    const order: OrderPlaced = JSON.parse(message.content.toString('utf8'));
    onOrder(order).then(
      () => channel.ack(message),
      (error: unknown) => {
        log.error({ err: error }, `order ${order.id} could not be shipped`);
        setTimeout(() => channel.nack(message), reconnectMs);
      },
    );
  });
}
