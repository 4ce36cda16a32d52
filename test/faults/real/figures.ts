import { appendFileSync } from 'node:fs'

/** How much is tried: `npm run faults` asks for the long run by these, `npm test` does with a few of each. */
export const wanted = {
  /** Of both programs together. */
  kills: countOf('FAULTS_KILLS', 10),
  errors: countOf('FAULTS_ERRORS', 6),
  cuts: countOf('FAULTS_CUTS', 2),
  rounds: countOf('FAULTS_ROUNDS', 5),
  resumes: countOf('FAULTS_RESUMES', 1),
  /** `npm test` has its own few of these. */
  jobs: countOf('FAULTS_JOBS', 0),
  jobErrors: countOf('FAULTS_JOB_ERRORS', 0),
  jobEndings: countOf('FAULTS_JOB_ENDINGS', 0),
  flips: countOf('FAULTS_FLIPS', 0),
}

function countOf(name: string, otherwise: number): number {
  const text = process.env[name]
  return text === undefined ? otherwise : Number(text)
}

/** Why tests of which `npm test` has its own few are skipped there, for their name. */
export const whySkipped = (count: number): string => (count === 0 ? ' (many of these in npm run faults)' : '')

/** Each of three shapes of an upload to the backend, and an upload and a download of the app, gets as many. */
export const killsEach = Math.ceil(wanted.kills / 5)

/** What is summed over all of them; `mostAgainMib` is the largest. */
export type Counts = Partial<
  Record<
    'kills' | 'cuts' | 'failedCalls' | 'reservations' | 'overGranted' | 'mostAgainMib' | 'acknowledgedBytesLost',
    number
  >
>

/** Says what a run came to, with its denominator; `npm run faults` prints all of them, and their sums, at its end. */
export function tell(figure: string, counts: Counts): void {
  console.log(figure)
  const path = process.env['FAULTS_FIGURES']
  if (path !== undefined) appendFileSync(path, `${JSON.stringify({ figure, counts })}\n`)
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN
}
