// Opens an embedded database by the built code and tells what it does, step by step.
import { openDatabase } from '@sendit/persistence';

const [, , directory] = process.argv;
const tell = (told) => new Promise((resolve) => process.send(told, resolve));

const database = await openDatabase({ kind: 'embedded', directory });
const engine = database.pglite;
await database.roots.upsert({ name: 'data', path: '/data' });

let turns = 0;
const timer = setInterval(() => {
  turns += 1;
}, 1);
await engine.query('select sum(n) from generate_series(1, 3000000) as n');
clearInterval(timer);
await tell({ turns: turns > 5 ? 'many' : turns });

const { code, constraint } = await engine
  .query("insert into sendit.roots (name, path) values ('data', '/other')")
  .catch((error) => error);
await tell({ constraint: { code, constraint } });

const heard = [];
const unlisten = await engine.listen('some_channel', (payload) => heard.push(payload));
await engine.query("select pg_notify('some_channel', 'first')");
await engine.transaction((tx) => tx.query("select pg_notify('some_channel', 'second')"));
await unlisten();
await engine.query("select pg_notify('some_channel', 'third')");
await tell({ heard });

const running = engine.query('select sum(n) from generate_series(1, 300000) as n');
await database[Symbol.asyncDispose]();
await running;
await tell({ stopped: await database.roots.list().catch((error) => error.code) });

const again = await openDatabase({ kind: 'embedded', directory });
await tell({ again: (await again.roots.list()).map(({ name }) => name) });
await again[Symbol.asyncDispose]();
process.disconnect();
