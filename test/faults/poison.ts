const refuse = (name: string) => (): never => {
  throw new Error(`${name} was used inside a simulation: the engine is to be given it`)
}

/** Whoever asks the real world for time or chance during a run is stopped. Answers the function that makes all well again. */
export function poisonGlobals(): () => void {
  const { setTimeout: timeout, setInterval: interval, Date: RealDate } = globalThis
  const { random } = Math
  const { now } = Date
  const { randomUUID, getRandomValues } = crypto
  const performanceNow = performance.now
  class PoisonedDate extends RealDate {
    constructor(...parts: unknown[]) {
      if (parts.length === 0) refuse('new Date()')()
      // Any of the forms of `Date`; the real one judges them.
      super(...(parts as [number]))
    }
  }
  Object.assign(globalThis, { setTimeout: refuse('setTimeout'), setInterval: refuse('setInterval'), Date: PoisonedDate })
  PoisonedDate.now = refuse('Date.now')
  Math.random = refuse('Math.random')
  crypto.randomUUID = refuse('crypto.randomUUID')
  crypto.getRandomValues = refuse('crypto.getRandomValues')
  performance.now = refuse('performance.now')
  return () => {
    Object.assign(globalThis, { setTimeout: timeout, setInterval: interval, Date: RealDate })
    Date.now = now
    Math.random = random
    crypto.randomUUID = randomUUID
    crypto.getRandomValues = getRandomValues
    performance.now = performanceNow
  }
}
