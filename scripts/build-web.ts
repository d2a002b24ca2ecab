import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Builds the web UI into `dist/web`. Needs nothing from the network. */
export function buildWeb(root: string): void {
  const web = join(root, 'web');
  if (!existsSync(join(web, 'index.html'))) {
    console.log('build-web: no web/index.html here, nothing to build');
    return;
  }
  run(root, 'vite', ['build', web, '--outDir', join(root, 'dist', 'web'), '--emptyOutDir']);
}

/** Runs a tool of the project and throws when it fails: a half build must not look like one. */
export function run(root: string, tool: string, args: readonly string[]): void {
  const program = join(root, 'node_modules', '.bin', tool);
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} ended with ${String(status)}`);
}
