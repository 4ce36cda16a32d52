import type { Selectable } from 'kysely'
import type { Preset } from '../../contract/presets'
import type { Database } from '../db/database'
import type { LimitPresetsTable } from '../db/schema'

export type PresetRow = Selectable<LimitPresetsTable>

export async function listPresets(db: Database): Promise<PresetRow[]> {
  return db.selectFrom('limitPresets').selectAll().orderBy('name').execute()
}

export async function findPreset(db: Database, name: string): Promise<PresetRow | undefined> {
  return db.selectFrom('limitPresets').selectAll().where('name', '=', name).executeTakeFirst()
}

export async function upsertPreset(transaction: Database, preset: PresetRow): Promise<void> {
  const { name: _, ...limits } = preset
  await transaction
    .insertInto('limitPresets')
    .values(preset)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(limits))
    .execute()
}

export async function deletePreset(transaction: Database, name: string): Promise<void> {
  await transaction.deleteFrom('limitPresets').where('name', '=', name).execute()
}

export function toPreset({ name, maxVideos, maxDurationMs, maxFileSizeBytes }: PresetRow): Preset {
  return {
    name,
    maxVideos,
    maxDurationMinutes: maxDurationMs === null ? null : maxDurationMs / 60_000,
    maxFileSizeMB: maxFileSizeBytes === null ? null : maxFileSizeBytes / 1_000_000,
  }
}

export function toPresetRow({ name, maxVideos, maxDurationMinutes, maxFileSizeMB }: Preset): PresetRow {
  return {
    name,
    maxVideos,
    maxDurationMs: maxDurationMinutes === null ? null : Math.round(maxDurationMinutes * 60_000),
    maxFileSizeBytes: maxFileSizeMB === null ? null : Math.round(maxFileSizeMB * 1_000_000),
  }
}
