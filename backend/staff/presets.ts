import type { AuditState } from '../../contract/audit'
import type { Preset } from '../../contract/presets'
import { type Actor, appendAudit } from '../audit/audit'
import { ProblemError } from '../http/problems'
import { act, type StaffParts } from './act'
import { deletePreset, findPreset, listPresets, type PresetRow, toPreset, toPresetRow, upsertPreset } from './presets-table'

/** Limits by name. A preset is a way to fill in a form: what it is changed to later touches nobody who has had it. */
export type Presets = {
  readonly list: () => Promise<Preset[]>
  readonly put: (actor: Actor, preset: Preset) => Promise<Preset>
  /** @throws ProblemError `not_found` */
  readonly remove: (actor: Actor, name: string) => Promise<void>
}

export function createPresets(parts: StaffParts): Presets {
  const { db, now } = parts
  return {
    list: async () => (await listPresets(db)).map(toPreset),
    put: (actor, preset) =>
      act(parts, actor, async (transaction) => {
        const before = await findPreset(transaction, preset.name)
        const row = toPresetRow(preset)
        await upsertPreset(transaction, row)
        const states = { before: before === undefined ? {} : stateOf(before), after: stateOf(row) }
        const line = { at: now(), actor, action: 'preset.set' as const, userId: null, subject: preset.name, reason: null }
        await appendAudit(transaction, { ...line, ...states })
        return toPreset(row)
      }),
    remove: (actor, name) =>
      act(parts, actor, async (transaction) => {
        const before = await findPreset(transaction, name)
        if (before === undefined) throw new ProblemError('not_found')
        await deletePreset(transaction, name)
        const line = { at: now(), actor, action: 'preset.remove' as const, userId: null, subject: name, reason: null }
        await appendAudit(transaction, { ...line, before: stateOf(before), after: {} })
      }),
  }
}

function stateOf({ name: _, ...limits }: PresetRow): AuditState {
  return limits
}
