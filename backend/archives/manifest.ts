import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { userIdSchema, videoIdSchema } from '../../contract/ids'

export const formatName = 'reelport-backup'
export const formatVersion = 1
export const manifestName = 'manifest.json'
export const macName = 'manifest.mac'
export const libraryName = 'library.json'
export const ledgerName = 'ledger.json'
export const longestManifestBytes = 64 * 1024 * 1024
export const mostEntries = 100_000

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)

/** What is read before anything is believed, to say why another one is not taken. */
export const manifestHeadSchema = z.object({ format: z.string(), version: z.int(), instanceId: z.string() })

export type ManifestHead = z.infer<typeof manifestHeadSchema> & { readonly createdAt: string }

/** The manifest: every entry of the archive but itself and its MAC, in the order of the archive. */
export const manifestSchema = manifestHeadSchema.extend({
  userId: userIdSchema,
  username: z.string(),
  createdAt: z.iso.datetime(),
  entries: z.array(z.object({ name: z.string(), sizeBytes: z.int().min(0), sha256: sha256Hex })).max(mostEntries),
})
export type Manifest = z.infer<typeof manifestSchema>

/** A video of the library as its row has it; the file is the entry of that name. */
export const videoRecordSchema = z.object({
  entry: z.string(),
  id: videoIdSchema,
  filename: z.string(),
  sizeBytes: z.int().min(1),
  durationMs: z.int().min(1),
  container: z.string(),
  mediaType: z.string(),
  videoCodec: z.string().nullable(),
  widthPixels: z.int().nullable(),
  heightPixels: z.int().nullable(),
  sha256: sha256Hex,
  createdAt: z.int(),
})
export type VideoRecord = z.infer<typeof videoRecordSchema>

export const librarySchema = z.object({ videos: z.array(videoRecordSchema).max(mostEntries) })

export type InstanceSeal = { readonly instanceId: string; readonly macOf: (manifest: Buffer) => string }

/**
 * What tells the archives of this instance from all others, and from those that somebody has edited: both follow from the key of
 * the instance, so whoever keeps the data folder keeps them.
 */
export function createInstanceSeal(instanceKey: Uint8Array): InstanceSeal {
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', instanceKey, new Uint8Array(), `reelport ${purpose}`, bytes))
  const key = derive('archive mac', 32)
  return {
    instanceId: derive('instance id', 16).toString('base64url'),
    macOf: (manifest) => createHmac('sha256', key).update(manifest).digest('hex'),
  }
}

export function isSameMac(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Names are made here; what a person calls a video is in the records. */
export function entryNameOf(videoId: string, container: string): string {
  return `videos/${videoId}.${extensions[container] ?? 'bin'}`
}

const extensions: Readonly<Record<string, string>> = {
  mp4: 'mp4',
  mov: 'mov',
  webm: 'webm',
  mkv: 'mkv',
  avi: 'avi',
  'mpeg-ts': 'ts',
}

const namePattern = new RegExp(
  '^(?:videos/[A-Za-z0-9_-]{8,64}\\.[a-z0-9]{2,4}|partials/[A-Za-z0-9_-]{8,64}\\.part|instance\\.(?:sqlite|key)' +
    '|(?:library|ledger|manifest)\\.json|manifest\\.mac)$',
)

/** Nothing but the names that we make: no `..`, no drive, no root, no link, no other folder. */
export function isOwnName(name: string): boolean {
  return namePattern.test(name)
}
