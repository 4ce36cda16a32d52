import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createTokenStore, type Keychain } from '../../../main/sessions/token-store'
import { memoryLog } from '../../support/memory-log'

const token = (): string => `canary-${randomBytes(16).toString('hex')}`
const account = (): string => `test ${randomBytes(6).toString('hex')}`
const realKeychain = async (): Promise<Keychain> => (await import('keytar')).default
const hasKeychain = process.env['DBUS_SESSION_BUS_ADDRESS'] !== undefined

describe('token store', () => {
  it.skipIf(!hasKeychain)('keeps the token in the real keychain, from one run to the next', async () => {
    const { log } = memoryLog()
    const name = account()
    const kept = token()
    const first = createTokenStore({ loadKeychain: realKeychain, account: name, log })
    await first.save(kept)
    expect(first.place()).toBe('keychain')

    const second = createTokenStore({ loadKeychain: realKeychain, account: name, log })
    expect(await second.load()).toBe(kept)
    await second.forget()
    expect(await createTokenStore({ loadKeychain: realKeychain, account: name, log }).load()).toBeNull()
  })

  it.each<readonly [string, () => Promise<Keychain>]>([
    ['is not there', () => Promise.reject(new Error('libsecret-1.so.0: cannot open shared object file'))],
    ['is locked', () => Promise.resolve(refusing('Prompt dismissed'))],
    ['forgets what it was given', () => Promise.resolve(forgetful())],
    ['never answers', () => new Promise<Keychain>(() => undefined)],
  ])('keeps the token in memory only, and says so, where the keychain %s', async (_, loadKeychain) => {
    const { log, lines } = memoryLog()
    const kept = token()
    const store = createTokenStore({ loadKeychain, account: account(), log, patienceMs: 50 })
    await store.save(kept)
    expect(store.place()).toBe('memory')
    expect(await store.load()).toBe(kept)
    expect(lines.join('\n')).not.toContain(kept)
    await store.forget()
    expect(await store.load()).toBeNull()
  })
})

function refusing(message: string): Keychain {
  const refuse = (): Promise<never> => Promise.reject(new Error(message))
  return { getPassword: refuse, setPassword: refuse, deletePassword: refuse }
}

function forgetful(): Keychain {
  return {
    getPassword: () => Promise.resolve(null),
    setPassword: () => Promise.resolve(),
    deletePassword: () => Promise.resolve(false),
  }
}
