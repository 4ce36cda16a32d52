import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Credential, routes, type RouteName } from '../../contract/http'
import type { Role } from '../../contract/sessions'
import { tusVersion } from '../../contract/uploads'
import { authenticate } from './authenticate'
import type { Handlers } from './handlers'
import type { Identity } from './identity'
import type { Metrics } from './metrics'
import { ProblemError } from './problems'
import type { Server } from './server'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is read by the handler as it comes. */
    takesRawBody?: boolean
  }
  interface FastifyRequest {
    who: Identity | null
  }
}

/** Routes whose bodies are files. */
const rawBodies: ReadonlySet<RouteName> = new Set(['createUpload', 'patchUpload'])
const forms: ReadonlySet<RouteName> = new Set(['uploadVideo'])
/** The size of the file is limited by the upload itself, which knows the user. */
const formLimits = { files: 1, fields: 16, parts: 17, fieldSize: 4096, fileSize: Number.MAX_SAFE_INTEGER }

type Parts = {
  readonly handlers: Handlers
  readonly authentication: Parameters<typeof authenticate>[2]
  readonly metrics: Metrics
}

/** Binds every route of the contract to its handler. Who asks is settled before a byte of the body is read. */
export function addRoutes(server: Server, { handlers, authentication, metrics }: Parts): void {
  server.decorateRequest('who', null)
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.countRequest({ route, method: request.method, status: reply.statusCode, seconds: reply.elapsedTime / 1000 })
  })
  void server.register(async (scope) => {
    // Scoped, so that JSON routes go on refusing every other type of body.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const name of routeNames) if (rawBodies.has(name)) addRoute(scope, name)
  })
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    await scope.register(multipart, { throwFileSizeLimit: false, limits: formLimits })
    for (const name of routeNames) if (forms.has(name)) addRoute(scope, name)
  })
  for (const name of routeNames) if (!rawBodies.has(name) && !forms.has(name)) addRoute(server, name)

  function addRoute(scope: Server, name: RouteName): void {
    const route: AnyRoute = routes[name]
    scope.route({
      method: methodsOf(route),
      url: route.path,
      config: { takesRawBody: rawBodies.has(name) || forms.has(name) },
      schema: {
        summary: route.summary,
        ...(route.params && { params: route.params }),
        ...(route.query && { querystring: route.query }),
        ...(route.body && { body: route.body }),
        response: route.answers,
      },
      onRequest: async (request, reply) => {
        if (route.path.startsWith('/uploads')) reply.header('tus-resumable', tusVersion)
        if (route.access.length > 0) request.who = await authenticate(request, route.access, authentication)
        if (route.role !== undefined && request.who?.role !== route.role) throw new ProblemError('forbidden')
      },
      handler: (request, reply) => answer(name, request, reply),
    })
  }

  async function answer(name: RouteName, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    // Each handler's own type is held by `Handlers`; here all are called alike, with what fastify has just parsed.
    const handler = handlers[name] as (call: unknown) => Promise<{ status: number; body: unknown } | undefined>
    const { params, query, body, who } = request
    const result = await handler({ params, query, body, who, request, reply })
    if (result === undefined) return reply
    return reply.code(result.status).send(result.body ?? undefined)
  }
}

type AnyRoute = {
  readonly method: (typeof routes)[RouteName]['method']
  readonly path: string
  readonly summary: string
  readonly access: readonly Credential[]
  readonly role?: Role
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly answers: Readonly<Record<number, z.ZodType>>
}

// `Object.keys` forgets the type of the keys; the table is a constant.
const routeNames = Object.keys(routes) as RouteName[]

/** A HEAD for each GET, unless the contract has one of its own for that address. */
function methodsOf({ method, path }: AnyRoute): string[] {
  const hasOwnHead = Object.values(routes).some((other) => other.method === 'HEAD' && other.path === path)
  return method === 'GET' && !hasOwnHead ? ['GET', 'HEAD'] : [method]
}
