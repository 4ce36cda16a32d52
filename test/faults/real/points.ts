import type { Site } from './strace'

/** `count` of the sites, spread over all of them: each once before any comes twice. */
export function* spread(sites: readonly Site[], count: number): Generator<Site> {
  if (sites.length === 0) throw new Error('there is nothing to strike at')
  // Steps by a number without a common divisor pass by every site, far ones after one another.
  const step = stepFor(sites.length)
  for (let index = 0; index < count; index += 1) {
    const site = sites[(index * step) % sites.length]
    if (site !== undefined) yield site
  }
}

function stepFor(length: number): number {
  for (let step = Math.max(1, Math.round(length * 0.618)); ; step += 1) if (divisor(step, length) === 1) return step
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

export const nameOf = ({ call, nth }: Site): string => `${call} ${nth}`
