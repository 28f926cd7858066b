import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `SENDIT_PORTAL=http://127.0.0.1:7373 npm run dev -w apps/portal`: the page with hot reload, over a running portal. */
const portal = process.env['SENDIT_PORTAL'] ?? 'http://127.0.0.1:7373';

export default defineConfig({
  root: 'page',
  // Relative addresses: the page works below any path of a proxy.
  base: './',
  plugins: [react()],
  resolve: { conditions: ['@sendit/source'] },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // The polyfill is an inline script to a strict policy's eye, and no browser of ours needs it.
    modulePreload: { polyfill: false },
    // Nothing as a data: address: the policy allows files of this origin alone.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  server: { host: '127.0.0.1', proxy: { '/api': portal, '/healthz': portal } },
});
