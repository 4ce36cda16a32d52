import { containers } from '../../contract/media'
import type { Config } from '../config'
import type { Database } from '../db/database'
import type { Handlers } from '../http/handlers'
import { readQuota } from './quota'
import { ensureQuota } from './quotas-table'
import { readLedger } from './read-ledger'

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly config: Pick<Config, 'limits' | 'uploadLifeMs' | 'heldLifeMs'>
}

export function quotaHandlers({ db, now, config }: Parts) {
  const { limits } = config
  return {
    quota: async ({ who }) => ({
      status: 200,
      body: await readQuota(db, { userId: who.userId, username: who.username, limits, at: now() }),
    }),

    quotaHistory: async ({ who, query }) => ({ status: 200, body: await readLedger(db, who.userId, query) }),

    limits: async ({ who }) => {
      const { maxFileSizeBytes } = await ensureQuota(db, who.userId, limits)
      return {
        status: 200,
        body: {
          maxFileSizeBytes,
          containers: [...containers],
          uploadExpiresAfterSeconds: config.uploadLifeMs / 1000,
          heldExpiresAfterSeconds: config.heldLifeMs / 1000,
        },
      }
    },
  } satisfies Partial<Handlers>
}
