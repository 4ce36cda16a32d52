import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSchedule, runSchedule } from './seed-runner'

const folder = join(import.meta.dirname, 'regressions')

/** Each of these schedules broke a law once. */
describe('what the simulation has found', () => {
  it.each(readdirSync(folder))('%s stays mended', async (name) => {
    const { violation } = await runSchedule(readSchedule(join(folder, name)))
    expect(violation).toBeNull()
  })
})
