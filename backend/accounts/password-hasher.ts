import type * as Argon2 from '@node-rs/argon2'
import type { RandomSource } from '../ids'

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const
const hashesAtOnce = 2
const hashesWaiting = 64
/** More places, every other turn, for those whom a flood of guesses must not keep out. */
const preferredWaiting = 16

export type PasswordHasher = {
  readonly hash: (password: string) => Promise<string>
  /** Costs the same time whether there is a hash to compare with or not. */
  readonly verify: (hash: string | null, password: string, during: Turn) => Promise<boolean>
}

/** What belongs to one comparison and to no other: of many guesses at once, each must see those that failed before it. */
export type Turn = {
  /** May refuse by throwing. */
  readonly before: () => Promise<void>
  readonly onMismatch: () => Promise<void>
  /** Has a queue of its own, which strangers do not fill. */
  readonly isPreferred: boolean
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
      return inTurn(false, () => argon2.hash(password, { ...cost, salt: random(16) }))
    },
    verify: async (hash, password, { before, onMismatch, isPreferred }) => {
      const { argon2, decoy } = await load()
      return inTurn(isPreferred, async () => {
        await before()
        const matches = (await argon2.verify(hash ?? decoy, password)) && hash !== null
        if (!matches) await onMismatch()
        return matches
      })
    },
  }
}

function createTurns(): <Result>(isPreferred: boolean, work: () => Promise<Result>) => Promise<Result> {
  const preferred: (() => void)[] = []
  const others: (() => void)[] = []
  let running = 0
  let wasPreferred = false
  const takeNext = (): (() => void) | undefined => {
    // In turn, so that neither of the two can starve the other.
    const [first, second] = wasPreferred ? [others, preferred] : [preferred, others]
    wasPreferred = !wasPreferred
    return first.shift() ?? second.shift()
  }
  return async (isPreferred, work) => {
    if (running >= hashesAtOnce) {
      const queue = isPreferred ? preferred : others
      if (queue.length >= (isPreferred ? preferredWaiting : hashesWaiting)) throw new HasherBusyError()
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = takeNext()
      // The place goes straight to the next in line, so that nobody slips in between.
      if (next === undefined) running -= 1
      else next()
    }
  }
}
