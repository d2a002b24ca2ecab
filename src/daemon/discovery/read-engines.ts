import type { SeenContainer } from './host-facts.ts';

/** What is asked of a container engine: one container a line, tabs between. */
export const CONTAINERS_FORMAT = '{{.Names}}\t{{.Image}}\t{{.Ports}}';

/** The containers of `docker ps` or `podman ps` with `CONTAINERS_FORMAT`. */
export function readContainers(
  engine: SeenContainer['engine'],
  output: string,
): readonly SeenContainer[] {
  return output.split('\n').flatMap((line) => {
    const [name = '', image = '', published = ''] = line.split('\t');
    if (name === '') return [];
    const ports = [...published.matchAll(/:(\d{1,5})->\d+\/tcp/g)].map(([, port]) => Number(port));
    return [{ name, image, engine, ports: [...new Set(ports)] }];
  });
}
