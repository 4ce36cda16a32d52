import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { settingsSchema, type Settings, type SettingsPatch } from '../../contract/settings'
import { readTextIfThere, writeTextDurably } from '../durable-file'
import type { Log } from '../log'

export type SettingsStore = {
  current(): Settings
  onChange(listener: (settings: Settings) => void): void
  /** Saved before it answers. Raises what the disk says when it cannot be saved; then nothing has changed. */
  change(patch: SettingsPatch): Settings
}

function read(path: string, log: Log): Settings {
  const defaults = settingsSchema.parse({})
  const text = readTextIfThere(path)
  if (text === null) return defaults
  try {
    return settingsSchema.parse(JSON.parse(text))
  } catch (error) {
    // Choices are not worth a start that fails: the damaged file is kept aside for support.
    renameSync(path, `${path}.damaged`)
    log.error('settings.damaged', error)
    return defaults
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
      writeTextDurably(path, JSON.stringify(next, null, 2))
      current = next
      for (const listener of listeners) listener(next)
      return next
    },
  }
}
