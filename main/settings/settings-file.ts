import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { settingsSchema, type Settings, type SettingsPatch } from '../../contract/settings'
import type { Log } from '../log'

export type SettingsStore = {
  current(): Settings
  onChange(listener: (settings: Settings) => void): void
  /** Saved before it answers. Raises what the disk says when it cannot be saved; then nothing has changed. */
  change(patch: SettingsPatch): Settings
}

function read(path: string, log: Log): Settings {
  const defaults = settingsSchema.parse({})
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return defaults
    throw error
  }
  try {
    return settingsSchema.parse(JSON.parse(text))
  } catch (error) {
    // Choices are not worth a start that fails: the damaged file is kept aside for support.
    renameSync(path, `${path}.damaged`)
    log.error('settings.damaged', error)
    return defaults
  }
}

/** Written beside, flushed, then renamed over: after a power cut the old choices or the new ones, never half of them. */
function write(path: string, settings: Settings): void {
  const beside = `${path}.new`
  const file = openSync(beside, 'w', 0o600)
  try {
    writeSync(file, JSON.stringify(settings, null, 2))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** The choices of the person at this computer, in `settings.json`. */
export function openSettings(folder: string, log: Log): SettingsStore {
  const path = join(folder, 'settings.json')
  let current = read(path, log)
  const listeners = new Set<(settings: Settings) => void>()
  return {
    current: () => current,
    onChange: (listener) => void listeners.add(listener),
    change: (patch) => {
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
      const next = settingsSchema.parse({ ...current, ...given })
      write(path, next)
      current = next
      for (const listener of listeners) listener(next)
      return next
    },
  }
}
