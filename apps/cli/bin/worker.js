#!/usr/bin/env node
// `sendit-worker`: `sendit worker start`, under the name that service units of workers use.
if (process.argv[2] !== '--version') process.argv.splice(2, 0, 'worker', 'start');
await import('./run.js');
