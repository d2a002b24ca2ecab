import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * Addresses in the built page are relative, so the daemon may stand below any path of a proxy.
 * Nothing is inlined: the daemon serves the page under `style-src 'self'; script-src 'self'`.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
});
