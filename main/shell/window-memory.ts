import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeTextDurably } from '../durable-file'
import type { Rectangle } from './window-place'

export type WindowMemory = {
  /** The window as it was last, in the system's coordinates; null before it was ever moved. */
  readonly bounds: Rectangle | null
  readonly isMaximised: boolean
  /** The person has been told that the app goes on without its window. */
  readonly hasSaidStillRunning: boolean
  /** Where the dialogue for videos was last, so that it begins there. */
  readonly videoFolder: string | null
}

export type WindowMemoryStore = {
  current(): WindowMemory
  change(patch: Partial<WindowMemory>): void
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

function readBounds(value: unknown): Rectangle | null {
  if (!isObject(value)) return null
  const whole = (name: string): number => (Number.isSafeInteger(value[name]) ? Number(value[name]) : Number.NaN)
  const bounds = { x: whole('x'), y: whole('y'), width: whole('width'), height: whole('height') }
  return Object.values(bounds).some(Number.isNaN) ? null : bounds
}

/** By hand: the window is asked for before the schema library is loaded. What is not as it should be counts as never said. */
function parse(value: unknown): WindowMemory {
  const given = isObject(value) ? value : {}
  return {
    bounds: readBounds(given['bounds']),
    isMaximised: given['isMaximised'] === true,
    hasSaidStillRunning: given['hasSaidStillRunning'] === true,
    videoFolder: typeof given['videoFolder'] === 'string' ? given['videoFolder'] : null,
  }
}

/**
 * What the window remembers from one start to the next (`window.json`). A convenience: trouble with it costs a remembered place,
 * and is told to `onTrouble` alone.
 */
export function openWindowMemory(folder: string, onTrouble: (event: string, error: unknown) => void): WindowMemoryStore {
  const path = join(folder, 'window.json')
  const read = (): WindowMemory => {
    try {
      return parse(JSON.parse(readFileSync(path, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onTrouble('window.memory-unread', error)
      return parse({})
    }
  }
  let current = read()
  return {
    current: () => current,
    change(patch) {
      current = { ...current, ...patch }
      try {
        writeTextDurably(path, JSON.stringify(current))
      } catch (error) {
        onTrouble('window.memory-unsaved', error)
      }
    },
  }
}
