import { mkdirSync } from 'node:fs'
import type { Handlers } from './http/handlers'
import { accountHandlers } from './accounts/account-handlers'
import { createAccounts } from './accounts/accounts'
import { createPasswordHasher } from './accounts/password-hasher'
import type { Config } from './config'
import { openDatabase, type Database } from './db/database'
import { lockDataFolder } from './db/data-folder-lock'
import { addRoutes } from './http/add-routes'
import { createMetrics } from './http/metrics'
import { createOpenApi } from './http/openapi'
import { operationsHandlers } from './http/operations-handlers'
import { pendingHandlers } from './http/pending-handlers'
import { createServer, type Server } from './http/server'
import { systemRandom, type RandomSource } from './ids'
import { createSessions } from './sessions/sessions'
import { loadSigningKey } from './sessions/signing-key'
import { StartFailure } from './start-failure'
import { createTempTokens } from './tokens/temp-tokens'
import { tempTokenHandlers } from './tokens/temp-token-handlers'

export type Backend = AsyncDisposable & {
  readonly port: number
  readonly db: Database
}

/** What tests replace. */
export type Surroundings = { readonly now: () => number; readonly random: RandomSource }

const realSurroundings: Surroundings = { now: () => Date.now(), random: systemRandom }

/**
 * Builds the whole backend and listens. Disposing takes it apart in reverse order.
 * @throws StartFailure with the reason that is shown to a person
 */
export async function startBackend(config: Config, { now, random }: Surroundings = realSurroundings): Promise<Backend> {
  await using parts = new AsyncDisposableStack()
  makeDataFolder(config.dataFolder)
  parts.use(lockDataFolder(config.dataFolder))
  const db = openDatabase(config.dataFolder)
  parts.defer(() => db.destroy())

  const hasher = createPasswordHasher(random)
  const accounts = createAccounts({ db, hasher, registration: config.registration, now, random })
  const sessions = createSessions({
    db,
    signingKey: loadSigningKey(config.dataFolder, random),
    lifeMs: config.sessionLifeMs,
    now,
    random,
    onRevoked: () => undefined,
  })
  const tempTokens = createTempTokens({ db, now, random })
  const metrics = await createMetrics(() => 0)

  const handlers: Handlers = {
    ...pendingHandlers(),
    ...accountHandlers({ db, accounts, sessions }),
    ...tempTokenHandlers(tempTokens),
    ...operationsHandlers({ db, dataFolder: config.dataFolder, metrics, openApi: createOpenApi() }),
  }
  const server = createServer(config)
  addRoutes(server, { handlers, authentication: { sessions, tempTokens } })
  parts.defer(() => server.close())
  const port = await listen(server, config)

  const running = parts.move()
  return { port, db, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartFailure('data-folder-unusable', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

async function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<number> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
    throw new StartFailure('port-in-use', error.message, { cause: error })
  }
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}
