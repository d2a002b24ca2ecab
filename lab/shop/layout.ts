import { layoutFile, readLayout, readObject } from '../../shop/layout.ts';
import type { ShopLayout } from '../../shop/layout.ts';

/** Where the lab's services find their servers, which `shop.json` says beside the rest. */
export type LabLayout = ShopLayout & {
  /** `host` is the folder of PostgreSQL's Unix socket. */
  readonly postgresql: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
  };
  readonly redisUrl: string;
  /** The shop sells without it; then nobody ships. */
  readonly rabbitmqUrl: string;
};

/** Reads the layout of the shop in `root`; throws with the file's name when it is not one. */
export function readLabLayout(root: string): LabLayout {
  const file = layoutFile(root);
  const layout = readLayout(root);
  const read = Object.fromEntries(readObject(file));
  const { postgresql, redisUrl, rabbitmqUrl } = read;
  if (!isText(redisUrl) || !isText(rabbitmqUrl) || !isDatabase(postgresql)) {
    throw new Error(`${file} does not say where the shop's servers are`);
  }
  return { ...layout, postgresql, redisUrl, rabbitmqUrl };
}

const isText = (value: unknown): value is string => typeof value === 'string';

function isDatabase(value: unknown): value is LabLayout['postgresql'] {
  const found: ReadonlyMap<string, unknown> = new Map(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  );
  const areTexts = ['host', 'database', 'user'].every((name) => isText(found.get(name)));
  return areTexts && typeof found.get('port') === 'number';
}
