import { access, constants } from 'node:fs/promises'
import type { Database } from '../db/database'
import { countFailures } from '../accounts/login-failures-table'
import { hasUsers } from '../accounts/users-table'
import type { Handlers } from './handlers'
import type { Metrics } from './metrics'
import type { OpenApi } from './openapi'

type Parts = {
  readonly db: Database
  readonly dataFolder: string
  readonly metrics: Metrics
  readonly openApi: OpenApi
}

export function operationsHandlers({ db, dataFolder, metrics, openApi }: Parts) {
  return {
    healthz: async () => ({ status: 200, body: { status: 'ok' } }),

    readyz: async ({ request }) => {
      try {
        await hasUsers(db)
        // Without it every sign-in is refused.
        await countFailures(db, 'readyz', { now: 0, windowMs: 0 })
        await access(dataFolder, constants.W_OK)
        return { status: 200, body: { status: 'ok' } }
      } catch (error) {
        request.log.warn({ err: error }, 'not ready')
        return { status: 503, body: { status: 'unavailable' } }
      }
    },

    metrics: async ({ reply }) => {
      await reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text())
      return undefined
    },

    docs: async ({ reply }) => {
      await reply.type('application/json; charset=utf-8').send(await openApi.text())
      return undefined
    },
  } satisfies Partial<Handlers>
}
