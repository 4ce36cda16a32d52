import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { routes } from '../../../contract/http'
import { createBackendClient } from '../../../main/backend/backend-client'
import { startBackendProcess } from '../../support/backend-process'
import { temporaryFolder } from '../../support/temporary-folder'

const opened: { close(): unknown }[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each.close()
})

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  opened.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Somewhere else: it notes who comes by. */
async function startElsewhere(): Promise<{ readonly origin: string; readonly visits: readonly string[] }> {
  const visits: string[] = []
  const origin = await listen((request, response) => {
    visits.push(`${request.url} ${request.headers.authorization}`)
    response.end('{}')
  })
  return { origin, visits }
}

it('a call without a body is sent without one', async () => {
  using folder = temporaryFolder()
  await using backend = await startBackendProcess(folder.path)
  const client = createBackendClient(() => backend.url)
  const account = { username: 'nok', password: 'a long enough password' }
  await client.call('register', { body: account })
  const { token } = await client.call('login', { body: account })
  const params = { id: 'no-such-thing' }
  await expect(client.call('regenerateApiToken', { params, token })).rejects.toMatchObject({
    failure: { code: 'not-found' },
  })
  await expect(client.call('acceptUpload', { params, token })).rejects.toMatchObject({ failure: { code: 'not-found' } })
  await client.call('logout', { token })
  await expect(client.call('me', { token })).rejects.toMatchObject({ failure: { code: 'signed-out' } })
})

it.each([301, 302, 303, 307, 308])('a %d to another address is not followed, and no token goes there', async (status) => {
  const elsewhere = await startElsewhere()
  const origin = await listen((_, response) => response.writeHead(status, { Location: `${elsewhere.origin}/` }).end())
  const client = createBackendClient(() => origin)
  await expect(client.call('me', { token: 'canary' })).rejects.toMatchObject({ failure: { code: 'captive-portal' } })
  expect(elsewhere.visits).toEqual([])
})

it('a path that is an address leads nowhere else', async () => {
  const elsewhere = await startElsewhere()
  const asked: string[] = []
  const origin = await listen((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(404).end()
  })
  const { path } = routes.me
  for (const address of [
    `${elsewhere.origin}/`,
    elsewhere.origin.replace('http:', ''),
    `http:\\\\${elsewhere.origin.slice(7)}`,
  ]) {
    Reflect.set(routes.me, 'path', address)
    await createBackendClient(() => origin)
      .call('me', { token: 'canary' })
      .catch(() => undefined)
  }
  Reflect.set(routes.me, 'path', path)
  expect(asked.length).toBeGreaterThan(0)
  expect(elsewhere.visits).toEqual([])
})

it('an answer without an end is cut off', async () => {
  const origin = await listen((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.on('error', () => undefined)
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', write)
    write()
  })
  await expect(createBackendClient(() => origin).call('me', { token: 'canary' })).rejects.toMatchObject({
    failure: { code: 'backend-unreachable' },
  })
})
