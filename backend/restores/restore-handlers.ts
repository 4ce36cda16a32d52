import type { Call, Handlers } from '../http/handlers'
import type { Restores } from './restores'

export function restoreHandlers(restores: Restores) {
  const status = async ({ who, params }: Pick<Call<'restoreStatus'>, 'who' | 'params'>) => ({
    status: 200 as const,
    body: await restores.status(who, params.id),
  })
  return {
    createRestore: async ({ who, body }) =>
      body.dryRun
        ? { status: 200, body: await restores.plan(who, body) }
        : { status: 202, body: await restores.create(who, body) },
    restores: async ({ who }) => ({ status: 200, body: { restores: await restores.list(who.userId) } }),
    restoreStatus: status,
    restoreProgress: status,
    restoreReport: async ({ who, params, query }) => ({
      status: 200,
      body: await restores.report(who, params.id, query.after),
    }),
    pauseRestore: async ({ who, params }) => ({ status: 200, body: await restores.pause(who, params.id) }),
    resumeRestore: async ({ who, params }) => ({ status: 200, body: await restores.resume(who, params.id) }),
    cancelRestore: async ({ who, params, body }) => ({
      status: 200,
      body: await restores.cancel(who, params.id, body.keep),
    }),
    retryRestore: async ({ who, params }) => ({ status: 202, body: await restores.retry(who, params.id) }),
  } satisfies Partial<Handlers>
}
