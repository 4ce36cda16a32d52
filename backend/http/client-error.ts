import type { ConnectionError } from 'fastify'
import type { Socket } from 'node:net'
import { ProblemError } from './problems'

/** Answers what Node's parser refused, before any request exists, with the same kind of document as everything else. */
export function answerClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = problemOf(error.code)
  const body = JSON.stringify(problem.document)
  socket.end(
    [
      `HTTP/1.1 ${problem.document.status} ${problem.document.title}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

function problemOf(code: string): ProblemError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('header_too_large')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('request_timeout')
    // The connection was closed on the sender's side, or for it, in the middle of a request.
    case 'HPE_INVALID_EOF_STATE':
      return new ProblemError('upload_incomplete')
    default:
      return new ProblemError('invalid_request', { detail: 'This is not HTTP/1.1 as RFC 9112 has it.' })
  }
}
