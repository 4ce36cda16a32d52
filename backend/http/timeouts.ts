import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from './problems'

const jsonBodyMs = 30_000
/** How long a refused sender may go on before the connection is cut; cutting at once would lose it the answer. */
const leftoverMs = 5_000

/** Bodies of JSON routes must be whole in time. Upload routes take bodies of any length and watch for silence instead. */
export function limitBodyTime(request: FastifyRequest): void {
  if (request.raw.complete || request.routeOptions.config.takesRawBody === true) return
  const { socket } = request.raw
  const timer = setTimeout(() => {
    // Whole by now, but never read: a request without a body, whose long answer is still on its way.
    if (!request.raw.complete) request.raw.destroy(new ProblemError('request_timeout'))
  }, jsonBodyMs)
  timer.unref()
  const stop = (): void => clearTimeout(timer)
  request.raw.once('end', stop)
  socket.once('close', stop)
  request.raw.once('close', () => socket.off('close', stop))
}

/** After an early answer, what is left of the body is read and dropped by Node, but not for ever. */
export function limitLeftover(request: IncomingMessage): void {
  if (request.complete || request.socket.destroyed) return
  const timer = setTimeout(() => request.socket.destroy(), leftoverMs)
  timer.unref()
  const stop = (): void => clearTimeout(timer)
  request.once('end', stop)
  request.once('close', stop)
}
