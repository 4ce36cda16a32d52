import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decideClosing } from '../../../main/shell/closing'
import { createCrashDelays } from '../../../main/shell/page-crashes'
import { openWindowMemory } from '../../../main/shell/window-memory'
import { placeWindow } from '../../../main/shell/window-place'
import { temporaryFolder } from '../../support/temporary-folder'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const beside = { x: 1440, y: 0, width: 1920, height: 1080 }

describe('the window', () => {
  it('opens where it was left, on the screen that it was on', () => {
    const left = { x: 1500, y: 100, width: 1000, height: 700 }
    expect(placeWindow(left, [laptop, beside])).toEqual(left)
  })

  it('comes back from a screen that is gone, no larger than the one that is there', () => {
    const left = { x: 1500, y: 100, width: 1900, height: 1000 }
    expect(placeWindow(left, [laptop])).toEqual({ x: null, y: null, width: 1440, height: 875 })
  })

  it('is pulled back where no more than a corner of it could be grasped, or its title was above the screen', () => {
    const corner = { x: 1400, y: 100, width: 1000, height: 700 }
    const above = { x: 100, y: -300, width: 1000, height: 700 }
    expect([placeWindow(corner, [laptop]).x, placeWindow(above, [laptop]).x]).toEqual([null, null])
    expect(placeWindow({ x: 1000, y: 600, width: 1000, height: 700 }, [laptop])).toEqual({
      x: 440,
      y: 200,
      width: 1000,
      height: 700,
    })
  })

  it('keeps its place over a restart, and a damaged note of it costs nothing but the place', () => {
    using folder = temporaryFolder()
    const troubles: string[] = []
    const open = () => openWindowMemory(folder.path, (event) => troubles.push(event))
    open().change({ bounds: laptop, hasSaidStillRunning: true })
    expect(open().current()).toEqual({ bounds: laptop, isMaximised: false, hasSaidStillRunning: true, videoFolder: null })
    writeFileSync(join(folder.path, 'window.json'), '{"bounds":{"x":"left","y":1,"width":1e99,"height":{}},"videoFolder":7}')
    expect(open().current()).toMatchObject({ bounds: null, videoFolder: null })
    writeFileSync(join(folder.path, 'window.json'), readFileSync(join(folder.path, 'window.json')).subarray(0, 20))
    expect(open().current().bounds).toBeNull()
    expect(troubles).toEqual(['window.memory-unread'])
  })

  it('never leaves an app without a way back to it', () => {
    const every = [true, false].flatMap((staysWhenClosed) =>
      [true, false].flatMap((hasWayBack) => [true, false].map((isWorking) => ({ staysWhenClosed, hasWayBack, isWorking }))),
    )
    const hidden = every.filter((state) => decideClosing(state) === 'hide')
    expect(hidden.every(({ hasWayBack }) => hasWayBack)).toBe(true)
    const lost = every.filter((state) => state.staysWhenClosed && state.isWorking && decideClosing(state) === 'quit')
    expect(lost).toEqual([])
    expect(every.filter(({ staysWhenClosed }) => !staysWhenClosed).map(decideClosing)).toEqual(Array(4).fill('quit'))
  })

  it('is drawn again at once after a crash, and with a pause where it crashes again and again', () => {
    let nowMs = 0
    const delay = createCrashDelays(() => nowMs)
    expect([delay(), delay(), delay(), delay()]).toEqual([0, 0, 0, 10_000])
    nowMs = 120_000
    expect(delay()).toBe(0)
  })
})
