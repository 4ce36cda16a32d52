import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { root, signIn, startBackend } from './processes.mjs'

/** The throttle would answer soon, and not the comparison that is measured: its counters are emptied after so many. */
const triesBetween = 5

/**
 * Refused sign-ins of a name that nobody has and of a wrong password, in turn (D5).
 * @returns how long each took, and every body that was seen
 */
export async function benchRefusedSignIns(times) {
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  const { origin, stop } = await startBackend(folder)
  const database = new DatabaseSync(join(folder, 'reelport.sqlite'), { timeout: 5_000 })
  const [unknownMs, wrongMs, bodies] = [[], [], new Set()]
  const attempt = async (username) => {
    const body = JSON.stringify({ username, password: 'not the password of anybody' })
    const startedAt = performance.now()
    const answer = await fetch(`${origin}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    bodies.add(`${answer.status} ${await answer.text()}`)
    return performance.now() - startedAt
  }
  try {
    await signIn(origin)
    for (let turn = 0; turn < times; turn += 1) {
      if (turn % triesBetween === 0) database.exec('DELETE FROM login_failures')
      // Whoever comes first in one turn comes second in the next.
      if (turn % 2 === 0) {
        unknownMs.push(await attempt('nobody'))
        wrongMs.push(await attempt('bench'))
      } else {
        wrongMs.push(await attempt('bench'))
        unknownMs.push(await attempt('nobody'))
      }
    }
    return { unknownMs, wrongMs, bodies: [...bodies] }
  } finally {
    database.close()
    await stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
