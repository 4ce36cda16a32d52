import type { Log } from '../log'

/** The part of keytar that is used, so that its absence is a value and not a crash. */
export type Keychain = {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}

export type TokenStore = {
  /** Where the last token that was saved is. */
  readonly place: () => 'keychain' | 'memory'
  load(): Promise<string | null>
  save(token: string): Promise<void>
  forget(): Promise<void>
}

const service = 'Reelport'
/** A keychain that asks, hangs or is gone must not hold the app up (`security.md` D32). */
const defaultPatienceMs = 2_000

async function inTime<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Keeps the session's token in the keychain of the operating system, and in memory only where none answers: never in a file.
 * `account` tells installations of one person apart. Never rejects; what failed is logged without the token.
 */
export function createTokenStore({
  loadKeychain,
  account,
  log,
  patienceMs = defaultPatienceMs,
}: {
  readonly loadKeychain: () => Promise<Keychain>
  readonly account: string
  readonly log: Log
  readonly patienceMs?: number
}): TokenStore {
  let memory: string | null = null
  let place: 'keychain' | 'memory' = 'keychain'

  const attempt = async <T>(
    what: string,
    work: (keychain: Keychain) => Promise<T>,
  ): Promise<{ readonly value: T } | null> => {
    try {
      return { value: await inTime(loadKeychain().then(work), patienceMs) }
    } catch (error) {
      log.warn(`keychain.${what}`, { message: error instanceof Error ? error.message : String(error) })
      return null
    }
  }

  return {
    place: () => place,
    load: async () => {
      const found = await attempt('load', (keychain) => keychain.getPassword(service, account))
      return found?.value ?? memory
    },
    save: async (token) => {
      memory = token
      // Read back: some services answer "saved" and keep nothing.
      const saved = await attempt('save', async (keychain) => {
        await keychain.setPassword(service, account, token)
        return (await keychain.getPassword(service, account)) === token
      })
      place = saved?.value === true ? 'keychain' : 'memory'
    },
    forget: async () => {
      memory = null
      await attempt('forget', (keychain) => keychain.deletePassword(service, account))
    },
  }
}
