// Lives until it is stopped; `deaf` ignores SIGTERM.
if (process.argv[2] === 'deaf') process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 60_000);
process.stdout.write('up\n');
