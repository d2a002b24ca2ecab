import { join } from 'node:path';
import type { ShopLayout } from '../../shop/layout.ts';

/** The four services of the demo's shop. */
export const serviceNames = ['payment', 'catalog', 'checkout', 'gateway'] as const;

/** One of the four services. */
export type ServiceName = (typeof serviceNames)[number];

/** The layout of the demo's shop. */
export type DemoLayout = ShopLayout<ServiceName>;

/** Where a shop is to live; the rest of its layout is the same for all. */
export type DemoPlace = Pick<DemoLayout, 'root' | 'ports' | 'otlpUrl'>;

/** The SQLite database that holds every accepted order of the shop in `root`. */
export const ordersDatabase = (root: string): string => join(root, 'checkout', 'data', 'orders.db');
