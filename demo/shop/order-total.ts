import { loadFromRelease } from '../../shop/release.ts';
import type { Release } from '../../shop/release.ts';

/** One line of an order as it is priced. */
type PricedLine = { readonly sku: string; readonly quantity: number; readonly price: number };

/** How a release of checkout computes the total of an order; throws when the release lacks it. */
export async function loadOrderTotal(
  release: Release,
): Promise<(lines: readonly PricedLine[]) => number> {
  const orderTotal = await loadFromRelease(release, 'order-total.mts', 'orderTotal');
  return (lines) => {
    const total = orderTotal(lines);
    if (typeof total !== 'number' || !Number.isFinite(total)) {
      throw new Error(`release ${release.version} computed the total ${String(total)}`);
    }
    return total;
  };
}
