import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { ArchiveError } from '../archives/archive-error'
import { openArchiveFiles } from '../archives/archive-files'
import { createInstanceSeal, isSameMac, macName, manifestName } from '../archives/manifest'
import { moveRange } from '../archives/move-bytes'
import { type Located, readEntries, readWhole } from '../archives/open-archive'
import { openForWriting, type WrittenEntry, writeHeaders, writeTail } from '../archives/write-archive'
import { localHeaderBytes } from '../archives/zip-format'
import { realDisk } from '../blobs/blob-disk'
import { openBlobStore } from '../blobs/blob-store'
import type { Database } from '../db/database'
import { prepareSnapshot, type Snapshot, snapshotInto } from '../db/snapshot'
import { CommandFailure, exitCodes } from './exit-codes'
import { lockStopped } from './lock-stopped'

const format = 'reelport-instance'
const databaseEntry = 'instance.sqlite'
const keyEntry = 'instance.key'
const keyFile = 'session-signing.key'
const attempts = 5
const watch = { isStopped: () => false, onBytes: () => undefined }

const manifestSchema = z.object({
  format: z.literal(format),
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  entries: z.array(z.object({ name: z.string(), sizeBytes: z.int(), sha256: z.string() })),
})

export type InstanceBackup = { readonly path: string; readonly videos: number; readonly sizeBytes: number }

type Source = { readonly name: string; readonly path: string; readonly sizeBytes: number; readonly sha256: string | null }

/**
 * Writes everything that an instance is into one archive, while its backend runs or not: the database as it is at one moment, its
 * key, and every file that the database then refers to. It is read back and compared before it gets its name.
 * @throws CommandFailure
 */
export async function backUpInstance(db: Database, dataFolder: string, target: string): Promise<InstanceBackup> {
  const path = resolve(target)
  if (existsSync(path)) throw new CommandFailure(exitCodes.refused, `${path} is there already`)
  const id = randomBytes(16).toString('base64url')
  const part = `${path}.part`
  const snapshotPath = `${path}.sqlite`
  const files = await openArchiveFiles(dataFolder)
  try {
    const { videos, held } = await holdMoment(db, dataFolder, { id, snapshotPath })
    const blobs = await openBlobStore(dataFolder)
    const key = readFileSync(join(dataFolder, keyFile))
    const sources: Source[] = [
      { name: databaseEntry, path: snapshotPath, sizeBytes: statSync(snapshotPath).size, sha256: null },
      ...(await Promise.all(
        videos.map(async (video) => ({
          ...video,
          name: `videos/${video.id}.bin`,
          path: await files.heldPath(id, video.id, blobs.sealedPath(video.id)),
        })),
      )),
      ...held.map((upload) => ({ ...upload, name: `partials/${upload.id}.part`, path: blobs.partialPath(upload.id) })),
    ]
    await writeAll(part, sources, key)
    await readInstance(part)
    await realDisk.flushFile(part)
    renameSync(part, path)
    await realDisk.flushFolder(dirname(path))
    return { path, videos: videos.length, sizeBytes: statSync(path).size }
  } finally {
    rmSync(part, { force: true })
    rmSync(snapshotPath, { force: true })
    await files.forgetHeld(id)
  }
}

/** A row is deleted before its file: where all files of a snapshot are there, they are those of its moment. */
async function holdMoment(
  db: Database,
  dataFolder: string,
  { id, snapshotPath }: { readonly id: string; readonly snapshotPath: string },
): Promise<Snapshot> {
  const files = await openArchiveFiles(dataFolder)
  const blobs = await openBlobStore(dataFolder)
  for (let attempt = 1; ; attempt += 1) {
    rmSync(snapshotPath, { force: true })
    await snapshotInto(db, snapshotPath)
    const snapshot = prepareSnapshot(snapshotPath)
    const missing: string[] = []
    for (const { id: videoId } of snapshot.videos) {
      if (!(await files.hold(id, videoId, blobs.sealedPath(videoId)))) missing.push(videoId)
    }
    if (missing.length === 0) return snapshot
    if (attempt >= attempts) {
      throw new CommandFailure(exitCodes.refused, `Files are missing (run check): ${missing.slice(0, 5).join(', ')}`)
    }
  }
}

async function writeAll(path: string, sources: readonly Source[], key: Buffer): Promise<void> {
  writeFileSync(path, '', { mode: 0o600 })
  await using file = await openForWriting(path)
  const written: WrittenEntry[] = []
  let at = 0
  for (const { name, path: from, sizeBytes, sha256 } of sources) {
    const contentAt = at + localHeaderBytes({ name })
    const result = moveRange({ from, fromOffset: 0, sizeBytes, to: { path, offset: contentAt, isWhole: false } }, watch)
    if (result.kind === 'failed') throw new CommandFailure(exitCodes.refused, `${from}: ${result.code}`)
    if (sha256 !== null && sha256 !== result.sha256) {
      throw new CommandFailure(exitCodes.refused, `${name} is damaged on the disk: run check`)
    }
    written.push({ name, sizeBytes, sha256: result.sha256, crc32: result.crc32, contentAt })
    at = contentAt + sizeBytes
  }
  await writeHeaders(file, written)
  const seal = createInstanceSeal(key)
  const createdAt = new Date().toISOString()
  const head = { format, version: 1, instanceId: seal.instanceId, createdAt }
  await writeTail(file, written, { texts: [{ name: keyEntry, text: key.toString('base64') }], head, seal, at })
}

type InstanceArchive = {
  readonly entries: ReadonlyMap<string, Located>
  readonly key: Buffer
  readonly createdAt: string
}

/** Reads an archive of an instance and compares every byte of it. @throws CommandFailure, ArchiveError */
async function readInstance(path: string): Promise<InstanceArchive> {
  await using file = await open(path, 'r')
  const { entries } = await readEntries(file)
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const [manifestAt, macAt, keyAt] = [byName.get(manifestName), byName.get(macName), byName.get(keyEntry)]
  if (manifestAt === undefined || macAt === undefined || keyAt === undefined) {
    throw new ArchiveError('archive-unsafe', manifestName)
  }
  const text = await readWhole(file, manifestAt)
  const parsed = manifestSchema.safeParse(JSON.parse(text.toString('utf8')))
  if (!parsed.success) throw new ArchiveError('archive-unsafe', manifestName)
  const manifest = parsed.data
  const key = Buffer.from((await readWhole(file, keyAt)).toString('latin1'), 'base64')
  const mac = (await readWhole(file, macAt)).toString('latin1')
  if (!isSameMac(mac, createInstanceSeal(key).macOf(text))) throw new ArchiveError('archive-altered', manifestName)
  if (manifest.entries.length !== entries.length - 2) throw new ArchiveError('archive-altered', manifestName)
  for (const { name, sha256 } of manifest.entries) {
    const entry = byName.get(name)
    if (entry === undefined) throw new ArchiveError('archive-altered', name)
    const { contentAt: fromOffset, sizeBytes, crc32 } = entry
    const result = moveRange({ from: path, fromOffset, sizeBytes, to: null }, watch)
    if (result.kind === 'failed' || result.sha256 !== sha256 || result.crc32 !== crc32) {
      throw new ArchiveError('archive-damaged', name)
    }
  }
  return { entries: byName, key, createdAt: manifest.createdAt }
}

export type InstanceRestore = { readonly files: number; readonly createdAt: string; readonly before: string | null }

/**
 * Puts a whole instance in the place of a data folder: everything is read and compared, written beside it, and at the end the
 * folders change their names. What was there before is kept under another name.
 * @throws CommandFailure where a backend runs there, or the archive is not sound; nothing was changed then
 */
export async function restoreInstance(archivePath: string, dataFolder: string): Promise<InstanceRestore> {
  const folder = resolve(dataFolder)
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const staging = join(dirname(folder), `${basename(folder)}.restoring-${stamp}`)
  const before = existsSync(folder) ? join(dirname(folder), `${basename(folder)}.before-${stamp}`) : null
  // Held until the names have changed: no backend starts in between.
  using _lock = before === null ? null : lockStopped(folder, 'restore')
  try {
    const { entries, key, createdAt } = await readInstance(archivePath)
    mkdirSync(staging, { recursive: true, mode: 0o700 })
    let count = 0
    for (const [name, { contentAt, sizeBytes }] of entries) {
      const to = placeOf(staging, name)
      if (to === null) continue
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
      const result = moveRange(
        { from: archivePath, fromOffset: contentAt, sizeBytes, to: { path: to, offset: 0, isWhole: true } },
        watch,
      )
      if (result.kind === 'failed') throw new CommandFailure(exitCodes.refused, `${to}: ${result.code}`)
      await realDisk.flushFile(to)
      count += 1
    }
    writeFileSync(join(staging, keyFile), key, { mode: 0o600 })
    await realDisk.flushFile(join(staging, keyFile))
    for (const part of ['videos', 'partials']) {
      mkdirSync(join(staging, part), { recursive: true, mode: 0o700 })
      await realDisk.flushFolder(join(staging, part))
    }
    await realDisk.flushFolder(staging)
    if (before !== null) renameSync(folder, before)
    renameSync(staging, folder)
    await realDisk.flushFolder(dirname(folder))
    return { files: count, createdAt, before }
  } catch (error) {
    rmSync(staging, { recursive: true, force: true })
    if (error instanceof ArchiveError) {
      throw new CommandFailure(exitCodes.refused, `The archive is refused (${error.refusal}): ${error.part}`, {
        cause: error,
      })
    }
    throw error
  }
}

/** Where an entry belongs; null for what is not a file of the instance. */
function placeOf(folder: string, name: string): string | null {
  if (name === databaseEntry) return join(folder, 'reelport.sqlite')
  const [, kind, id] = /^(videos|partials)\/([A-Za-z0-9_-]{8,64})\.(?:bin|part)$/.exec(name) ?? []
  return kind === undefined || id === undefined ? null : join(folder, kind, id)
}
