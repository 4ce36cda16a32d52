import { once } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { expect } from 'vitest'
import { problemSchema, type Problem } from '../../contract/problems'
import type { TestBackend } from './backend'
import { octets } from './tus'

export type Hanging = {
  readonly call: ClientRequest
  readonly ended: Promise<{ status: number; problem: Problem | null }>
}

/** A PATCH that has begun and stays open. */
export async function hang(
  server: TestBackend,
  credential: Readonly<Record<string, string>>,
  location: string,
  bytes: Buffer,
): Promise<Hanging> {
  const before = server.backend.uploads.receivingCount
  const call = request(server.url + location, {
    method: 'PATCH',
    headers: { ...octets, ...credential, 'upload-offset': 0 },
  })
  // `once` gives what the event carries, and a response carries its message.
  const responded = once(call, 'response') as Promise<[IncomingMessage]>
  const ended = responded.then(async ([answer]) => {
    const text = Buffer.concat(await answer.toArray()).toString()
    return { status: answer.statusCode ?? 0, problem: text === '' ? null : problemSchema.parse(JSON.parse(text)) }
  })
  call.write(bytes)
  await expect.poll(() => server.backend.uploads.receivingCount, { timeout: 20_000 }).toBe(before + 1)
  return { call, ended }
}

export const bearer = ({ token }: { readonly token: string }): Record<string, string> => ({
  authorization: `Bearer ${token}`,
})
