import { containers } from '../../contract/media'
import type { Config } from '../config'
import type { Database } from '../db/database'
import type { Handlers } from '../http/handlers'
import { listEntries, toLedgerEntry } from './ledger-table'
import { readQuota } from './quota'
import { ensureQuota } from './quotas-table'

type Parts = { readonly db: Database; readonly config: Pick<Config, 'limits' | 'uploadLifeMs' | 'heldLifeMs'> }

export function quotaHandlers({ db, config }: Parts) {
  const { limits } = config
  return {
    quota: async ({ who }) => ({
      status: 200,
      body: await readQuota(db, { userId: who.userId, username: who.username, limits }),
    }),

    quotaHistory: async ({ who, query }) => {
      const rows = await listEntries(db, { userId: who.userId, before: query.cursor, limit: query.limit + 1 })
      const page = rows.slice(0, query.limit)
      const nextCursor = rows.length > page.length ? (page.at(-1)?.id ?? null) : null
      return { status: 200, body: { entries: page.map(toLedgerEntry), nextCursor } }
    },

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
