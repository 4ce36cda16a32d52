import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { SettingsPatch } from '../../contract/settings'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { sayPolitely } from '../frame/live-regions'

const savedShownMs = 3_000

export type Change = {
  /** The field that was just saved, for a moment. */
  readonly savedField: keyof SettingsPatch | null
  change(patch: SettingsPatch, field: keyof SettingsPatch): void
}

/** Saves each change at once and says so beside it. */
export function useChange(): Change {
  const { t } = useTranslation()
  const report = useReport()
  const [saved, setSaved] = useState<{ readonly field: keyof SettingsPatch } | null>(null)
  useEffect(() => {
    if (!saved) return undefined
    const timer = setTimeout(() => setSaved(null), savedShownMs)
    return () => clearTimeout(timer)
  }, [saved])
  const save = async (patch: SettingsPatch, field: keyof SettingsPatch): Promise<void> => {
    const reply = await command('settings:change', patch)
    if (!reply.ok) return report(reply.failure)
    setSaved({ field })
    sayPolitely(t('settings.saved'))
  }
  return { savedField: saved?.field ?? null, change: (patch, field) => void save(patch, field) }
}
