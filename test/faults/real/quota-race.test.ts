import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { quotaAnswerSchema } from '../../../contract/quota'
import { loginAnswerSchema } from '../../../contract/sessions'
import { password, send } from '../../support/backend'
import { startBackendProcess } from '../../support/backend-process'
import { temporaryFolder } from '../../support/temporary-folder'
import { metadata, tus } from '../../support/tus'
import { tell, wanted } from './figures'

const clients = 100
const maxVideos = 10
const maxSeconds = 60

/** Turns at the two limits that a creation has to hold: places for 10 videos, and minutes for 8 of 7 seconds. */
const rounds = [
  { durationSeconds: null, places: maxVideos },
  { durationSeconds: 7, places: Math.floor(maxSeconds / 7) },
] as const

type Door = { readonly url: string; readonly token: string; readonly agent: Agent }

/** Creates an upload on a connection of this client's own; its address where it was granted, null where it was refused. */
function reserve({ url, token, agent }: Door, durationSeconds: number | null): Promise<string | null> {
  const pairs = { filename: 'race.mp4', ...(durationSeconds !== null && { duration: String(durationSeconds) }) }
  const headers = { ...tus, authorization: `Bearer ${token}`, 'upload-length': 1000, 'upload-metadata': metadata(pairs) }
  return new Promise((resolve, reject) => {
    const call = request(`${url}/uploads`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => {
        if (answer.statusCode === 201) resolve(answer.headers.location ?? null)
        else if (answer.statusCode === 403 || answer.statusCode === 413) resolve(null)
        else reject(new Error(`a creation answered ${answer.statusCode}`))
      })
    })
    call.on('error', reject)
    call.end()
  })
}

it(
  `gives ${clients} clients at once no place and no second more than there are`,
  { timeout: (60 + wanted.rounds * 10) * 1000 },
  async () => {
    using folder = temporaryFolder()
    const limits = ['--max-videos', String(maxVideos), '--max-minutes', String(maxSeconds / 60)]
    await using backend = await startBackendProcess(join(folder.path, 'data'), limits)
    const json = { username: 'ana', password }
    await send(`${backend.url}/auth/register`, 'POST', { json })
    const { token } = loginAnswerSchema.parse((await send(`${backend.url}/auth/login`, 'POST', { json })).json())
    const agent = new Agent({ keepAlive: true, maxSockets: clients })
    const door = { url: backend.url, token, agent }
    const reserved = async () => {
      const { usage } = quotaAnswerSchema.parse((await send(`${backend.url}/user/session`, 'GET', { token })).json())
      return [usage.reserved_videos, usage.reserved_duration]
    }
    let overGranted = 0
    let underGranted = 0
    try {
      for (let round = 0; round < wanted.rounds; round += 1) {
        const { durationSeconds, places } = rounds[round % rounds.length] ?? rounds[0]
        const answers = await Promise.all(Array.from({ length: clients }, () => reserve(door, durationSeconds)))
        const granted = answers.filter((location) => location !== null)
        overGranted += Math.max(0, granted.length - places)
        underGranted += Math.max(0, places - granted.length)
        expect(await reserved()).toEqual([granted.length, granted.length * (durationSeconds ?? 0)])
        const ended = granted.map((at) => send(backend.url + at, 'DELETE', { token, headers: tus }))
        expect((await Promise.all(ended)).every(({ status }) => status === 204)).toBe(true)
        expect(await reserved()).toEqual([0, 0])
      }
    } finally {
      agent.destroy()
    }
    const reservations = clients * wanted.rounds
    tell(
      `quota race: ${clients} clients × ${wanted.rounds} rounds (${reservations} reservations): over-granted ${overGranted}, under-granted ${underGranted}`,
      { reservations, overGranted },
    )
    expect([overGranted, underGranted]).toEqual([0, 0])
  },
)
