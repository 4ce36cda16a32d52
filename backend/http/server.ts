import { randomUUID } from 'node:crypto'
import fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Config } from '../config'
import { isLoopback } from '../config'
import { loggerOptions } from '../log'
import { checkRequest, loopbackHosts } from './check-request'
import { answerClientError } from './client-error'
import { toProblem } from './error-problems'
import { allowedMethods } from './methods'
import { type ProblemError, ProblemError as Problem } from './problems'
import { limitLeftover, limitBodyTime } from './timeouts'

const headersTimeoutMs = 15_000
const maxHeaders = 100
const maxHeaderBytes = 16 * 1024
const maxJsonBytes = 64 * 1024

export type Server = FastifyInstance

/** Fastify with everything that holds for every request; the routes are added by `addRoutes`. */
export function createServer(config: Pick<Config, 'host' | 'logLevel' | 'logFile'>): Server {
  const app: Server = fastify({
    logger: loggerOptions(config),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxJsonBytes,
    exposeHeadRoutes: false,
    // An upload may take days: bodies have idle limits of their own (`timeouts.ts`), heads have this one.
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    forceCloseConnections: true,
    clientErrorHandler: answerClientError,
    genReqId: () => randomUUID(),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 128 },
    http: {
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: maxHeaderBytes,
      // Checked by `checkRequest`, which answers with a document and also refuses a second one.
      requireHostHeader: false,
    },
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
  })
  app.server.maxHeadersCount = maxHeaders
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain')
  addHooks(app, config.host)
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request) => refuseUnknown(request))
  return app
}

function addHooks(app: Server, host: string): void {
  let allowed: ReadonlySet<string> | null | undefined
  app.addHook('onRequest', async (request, reply) => {
    allowed ??= isLoopback(host) ? loopbackHosts(portOf(app.server)) : undefined
    checkRequest(request.raw, allowed ?? null)
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    if (request.is404) refuseUnknown(request)
    limitBodyTime(request)
  })
  app.addHook('onResponse', async (request) => limitLeftover(request.raw))
}

function portOf(server: FastifyInstance['server']): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

/** 405 with the right methods where the address exists, 404 elsewhere. */
function refuseUnknown(request: FastifyRequest): never {
  const methods = allowedMethods(request.url)
  if (methods.length === 0) throw new Problem('not_found')
  throw new Problem('method_not_allowed', { headers: { allow: methods.join(', ') } })
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error) ?? logUnexpected(error, request)
  void reply
    .code(problem.document.status)
    .headers(problem.headers)
    .type('application/problem+json; charset=utf-8')
    // Serialized here: the schemas of the route are for its own answers.
    .serializer((document: unknown) => JSON.stringify(document))
    .send(problem.document)
}

function logUnexpected(error: unknown, request: FastifyRequest): ProblemError {
  const reference = request.id
  request.log.error({ err: error, req: request, reference }, 'unexpected error')
  return new Problem('unexpected', { extra: { reference } })
}
