import { describe, expect, it } from 'vitest'
import { parseServerAddress, watchRemoteBackend } from '../../../main/backend/remote-backend'
import { startTestBackend } from '../../support/backend'

describe('a backend that runs elsewhere', () => {
  it('is ready while it answers', async () => {
    await using server = await startTestBackend()
    await using backend = watchRemoteBackend({ address: server.url, now: () => new Date() })
    expect(backend.status()).toEqual({ kind: 'starting' })
    await new Promise<void>((resolve) => backend.onChange(resolve))
    expect(backend.origin()).toBe(server.url)
  })

  it('is tried again, with its time, while it does not answer', async () => {
    await using backend = watchRemoteBackend({ address: 'http://127.0.0.1:9', now: () => new Date(0) })
    await new Promise<void>((resolve) => backend.onChange(resolve))
    expect(backend.status()).toEqual({
      kind: 'restarting',
      attempt: 1,
      retryAt: new Date(250).toISOString(),
      line: 'gone',
    })
    expect(backend.origin()).toBeNull()
  })

  it.each([
    'http://reelport.example',
    'ftp://127.0.0.1',
    'reelport.example',
    'https://user:pass@a.example',
    'https://a.example/x',
    'https://a.example/?x',
  ])('is refused at %s', (text) => expect(() => parseServerAddress(text)).toThrow())

  it('is named by its origin', () => {
    expect(parseServerAddress('https://reelport.example/')).toBe('https://reelport.example')
    expect(parseServerAddress('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080')
  })
})
