import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentLink } from './layout.ts';
import type { ServiceName, ShopLayout } from './layout.ts';

/** One line of an order as it is priced. */
export type PricedLine = {
  readonly sku: string;
  readonly quantity: number;
  readonly price: number;
};

/** What a release brings: the code by which checkout computes the total of an order. */
export type Release = {
  readonly version: string;
  /** The directory the `current` link pointed at when the service started. */
  readonly directory: string;
};

/** Reads `release.json` behind the `current` link; throws with the file when it is not one. */
export function currentRelease(layout: ShopLayout, name: ServiceName): Release {
  const directory = realpathSync(currentLink(layout, name));
  const file = join(directory, 'release.json');
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const isRelease = typeof parsed === 'object' && parsed !== null && 'version' in parsed;
  if (!isRelease || typeof parsed.version !== 'string') {
    throw new Error(`${file} names no version`);
  }
  return { version: parsed.version, directory };
}

/** Loads the code of checkout's release; throws when the release lacks it. */
export async function loadOrderTotal(
  release: Release,
): Promise<(lines: readonly PricedLine[]) => number> {
  const file = join(release.directory, 'order-total.mts');
  const module: unknown = await import(pathToFileURL(file).href);
  const isTotal = typeof module === 'object' && module !== null && 'orderTotal' in module;
  if (!isTotal || typeof module.orderTotal !== 'function') {
    throw new Error(`${file} exports no function orderTotal`);
  }
  const orderTotal = module.orderTotal;
  return (lines) => {
    const total: unknown = orderTotal(lines);
    if (typeof total !== 'number' || !Number.isFinite(total)) {
      throw new Error(`release ${release.version} computed the total ${String(total)}`);
    }
    return total;
  };
}
