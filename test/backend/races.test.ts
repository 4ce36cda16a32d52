import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { sessionIdSchema, uploadIdSchema, userIdSchema } from '../../contract/ids'
import type { Identity } from '../../backend/http/identity'
import { startTestBackend, type TestBackend } from '../support/backend'
import { bearer, hang } from '../support/hanging-patch'
import { created, metadata, patch, stateOf, tus, uploadFile } from '../support/tus'
import { makeVideo } from '../support/videos'

const day = 24 * 60 * 60 * 1000

async function identityOf(server: TestBackend): Promise<Identity> {
  const { userId, id } = await server.backend.db.selectFrom('sessions').selectAll().executeTakeFirstOrThrow()
  const ids = { userId: userIdSchema.parse(userId), sessionId: sessionIdSchema.parse(id) }
  return { ...ids, apiTokenId: null, username: 'ana', role: 'staff', credential: { kind: 'session' } }
}

describe('two at the same upload', () => {
  it('never leave more bytes than the length that one declares while the other sends', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const headers = { ...tus, 'upload-defer-length': '1', 'upload-metadata': metadata({ filename: 'a.mp4' }) }
    const location = (await user.send('POST', '/uploads', { headers })).headers.get('location') ?? ''
    const { call, ended } = await hang(server, bearer(user), location, randomBytes(1_300_000))
    const partial = join(server.dataFolder, 'partials', location.split('/').at(-1) ?? '')
    await expect.poll(() => stat(partial).then(({ size }) => size), { timeout: 20_000 }).toBeGreaterThan(1_000_000)
    const second = await patch(user, location, 0, randomBytes(10), { 'upload-length': '500' })
    expect(await ended).toMatchObject({ status: 409, problem: { code: 'upload_taken_over' } })
    // What had come counts, and so the length is refused that is less.
    expect(second.status).toBe(400)
    const { offsetBytes, sizeBytes } = await stateOf(user, location)
    expect([sizeBytes, offsetBytes > 1_000_000]).toEqual([null, true])
    call.destroy()
  })

  it('settle a held file once: taken in or given up, and told the truth', async () => {
    await using server = await startTestBackend({
      limits: { maxVideos: 9, maxDurationMs: 1000, maxFileSizeBytes: null },
    })
    const user = await server.signUp()
    const { location, state } = await uploadFile(user, await makeVideo({ name: 'short.mp4', seconds: 2 }))
    expect(state.state).toBe('held')
    const { db, uploads } = server.backend
    const who = await identityOf(server)
    // The only connection is lent out, so that what asks for it next comes in exactly this order.
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const holding = db.transaction().execute(() => gate)
    const accepting = uploads.accept(who, uploadIdSchema.parse(location.split('/').at(-1)))
    const givingUp = db
      .updateTable('uploads')
      .set({ state: 'rejected', code: 'upload_gone', endedAt: 1, expiresAt: null })
      .execute()
    open()
    await Promise.all([holding, givingUp])
    await expect(accepting).rejects.toThrow('upload_gone')
    expect((await user.quota()).usage.videos_count).toBe(0)
  })
})

describe('a writer', () => {
  it('whose session ended between the check and its turn brings no byte', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 1000 })
    const who = await identityOf(server)
    await user.send('POST', '/auth/logout')
    const bytes = { body: Readable.from([randomBytes(10)]), offsetBytes: 0, lengthBytes: 10, checksum: null, onOffset: null }
    const id = uploadIdSchema.parse(location.split('/').at(-1))
    const refused = { document: { code: 'unauthorized', reason: 'signed_out' } }
    await expect(server.backend.uploads.receive(who, id, bytes)).rejects.toMatchObject(refused)
    expect((await stateOf(await server.signIn(), location)).offsetBytes).toBe(0)
  })

  it('is not taken for abandoned while it sends, on the very day that its upload would end', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 1000 })
    const { call, ended } = await hang(server, bearer(user), location, randomBytes(10))
    server.clock.now += 7 * day + 1
    await server.backend.sweep()
    expect((await user.send('HEAD', location, { headers: tus })).status).toBe(200)
    call.end(randomBytes(10))
    expect(await ended).toEqual({ status: 204, problem: null })
    expect(await stateOf(user, location)).toMatchObject({ state: 'receiving', offsetBytes: 20 })
  })
})
