// The three sizes of an installation, each with a database of its own for every round.
const TESTING = new URL('../../packages/testing/dist/', import.meta.url);

const REDIS_DATABASES = 16;

/** By name: opens the services of a size, or nothing where one is not installed. `fresh` gives the environment of a new installation. */
export const SIZES = { embedded: openEmbedded, postgres: openPostgres, redis: openRedis };

async function openEmbedded() {
  return { fresh: async () => ({}), [Symbol.asyncDispose]: async () => undefined };
}

async function openPostgres() {
  const { startPostgres } = await import(new URL('postgres-server.js', TESTING));
  const { postgresBinDir } = await import(new URL('services.js', TESTING));
  if (postgresBinDir() === undefined) return undefined;
  const server = await startPostgres({ settings: ['shared_preload_libraries=pg_stat_statements'] });
  return {
    fresh: async () => ({ DATABASE_URL: await server.createDatabase() }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function openRedis() {
  const { redisServerPath } = await import(new URL('services.js', TESTING));
  const postgres = redisServerPath() === undefined ? undefined : await openPostgres();
  if (postgres === undefined) return undefined;
  const { startRedis } = await import(new URL('redis-server.js', TESTING));
  const redis = await startRedis();
  let installations = 0;
  return {
    fresh: async () => {
      installations += 1;
      return { ...(await postgres.fresh()), REDIS_URL: new URL(`/${installations % REDIS_DATABASES}`, redis.url).href };
    },
    [Symbol.asyncDispose]: async () => {
      await redis[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    },
  };
}
