import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { routes } from '../../contract/http'
import { startTestBackend } from '../support/backend'
import { temporaryFolder } from '../support/temporary-folder'

const documentSchema = z.object({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

describe('operations', () => {
  it('say that the backend lives and is ready', async () => {
    await using server = await startTestBackend()
    expect((await server.send('GET', '/healthz')).json()).toEqual({ status: 'ok' })
    expect((await server.send('GET', '/readyz')).json()).toEqual({ status: 'ok' })
    expect((await server.send('HEAD', '/healthz')).status).toBe(200)
    await server.backend.db.schema.dropTable('uploads').execute()
    await server.backend.db.schema.alterTable('users').renameTo('people').execute()
    expect((await server.send('GET', '/readyz')).status).toBe(503)
  })

  it('describe every route as OpenAPI', async () => {
    await using server = await startTestBackend()
    const { openapi, paths } = documentSchema.parse((await server.send('GET', '/docs')).json())
    expect(openapi).toBe('3.1.0')
    for (const { method, path } of Object.values(routes)) {
      expect(paths[path.replace(/:(\w+)/g, '{$1}')], path).toHaveProperty(method.toLowerCase())
    }
  })

  it('go on where the log cannot be written, and write it again where it can', async () => {
    using folder = temporaryFolder()
    const logs = join(folder.path, 'logs')
    const logFile = join(logs, 'backend.log')
    await using server = await startTestBackend({ logFile, logLevel: 'warn' })
    const user = await server.signUp()
    await server.backend.db.schema.dropTable('videos').execute()
    const fail = async (): Promise<string> => (await user.send('GET', '/videos')).problem().reference ?? ''
    expect(await fail()).not.toBe('')
    await mkdir(logs)
    // A line that finds the file still closed is lost; one of the next is not.
    const isLogged = async (): Promise<boolean> => {
      const reference = await fail()
      return (await readFile(logFile, 'utf8').catch(() => '')).includes(reference)
    }
    await expect.poll(isLogged).toBe(true)
    expect((await stat(logFile)).mode & 0o777).toBe(0o600)
  })

  it('count, by patterns and never by addresses', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    await user.send('GET', '/videos/some-video-of-mine')
    const metrics = await server.send('GET', '/metrics')
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(metrics.text).toContain('route="/videos/:id",method="GET",status="4xx"')
    expect(metrics.text).not.toContain('some-video-of-mine')
  })
})
