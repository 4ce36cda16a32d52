import type * as Argon2 from '@node-rs/argon2'
import type { RandomSource } from '../ids'

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const
const hashesAtOnce = 2
const hashesWaiting = 64

export type PasswordHasher = {
  readonly hash: (password: string) => Promise<string>
  /** Costs the same time whether there is a hash to compare with or not. */
  readonly verify: (hash: string | null, password: string) => Promise<boolean>
}

/** More sign-ins wait than can be served; each costs 19 MiB and some 20 ms of a core, so the queue is short. */
export class HasherBusyError extends Error {
  override name = 'HasherBusyError'
}

/** Argon2id, loaded at its first use so that the start does not wait for it. */
export function createPasswordHasher(random: RandomSource): PasswordHasher {
  const inTurn = createTurns()
  let loading: Promise<{ argon2: typeof Argon2; decoy: string }> | undefined
  const load = () =>
    (loading ??= import('@node-rs/argon2').then(async (argon2) => ({
      argon2,
      decoy: await argon2.hash(random(32).toString('base64url'), { ...cost, salt: random(16) }),
    })))
  return {
    hash: async (password) => {
      const { argon2 } = await load()
      return inTurn(() => argon2.hash(password, { ...cost, salt: random(16) }))
    },
    verify: async (hash, password) => {
      const { argon2, decoy } = await load()
      const matches = await inTurn(() => argon2.verify(hash ?? decoy, password))
      return hash !== null && matches
    },
  }
}

function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= hashesAtOnce) {
      if (waiting.length >= hashesWaiting) throw new HasherBusyError()
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
