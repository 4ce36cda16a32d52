import { randomBytes } from 'node:crypto'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { sessionIdSchema, userIdSchema } from '../../contract/ids'
import { sessionEndReasonSchema, sessionSchema } from '../../contract/sessions'
import { readTextIfThere, writeTextDurably } from '../durable-file'
import type { Log } from '../log'

const endNoteSchema = z.object({
  reason: sessionEndReasonSchema.nullable().catch(null),
  at: z.iso.datetime(),
  username: z.string(),
  byDevice: z.string().nullable(),
  /** What staff said when they ended it. */
  note: z.string().optional(),
  /** True where whoever ended it had thrown away what this device was sending. */
  isDiscarded: z.boolean().default(false),
  /** Whose queue waits for a sign-in; null where the app never learned whose session it was. */
  userId: userIdSchema.nullable(),
})
export type EndNote = z.infer<typeof endNoteSchema>

const notesSchema = z.object({
  /** Tells the backend that this app was here before, so that a stranger's wrong tries never lock it out. No credential. */
  deviceId: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
  /** How the last session ended, until somebody signs in again. */
  ended: endNoteSchema.nullable().default(null),
  /** Who was signed in last without having signed out here: known also where the session ended while the app was closed. */
  lastUser: z.object({ userId: userIdSchema, username: z.string() }).nullable().default(null),
  /** What this device was called last: suggested at the next sign-in. */
  deviceName: z.string().nullable().default(null),
  /** Where the stream of events of this session goes on. */
  lastEvent: z
    .object({ sessionId: sessionIdSchema, eventId: z.string().max(100) })
    .nullable()
    .default(null),
  /** Devices whose sign-in nobody has looked at yet, for the session that was told. */
  newDevices: z
    .object({ sessionId: sessionIdSchema, devices: z.array(sessionSchema) })
    .nullable()
    .default(null),
  /** What each person who was here was told last of what support did to their quota (`told-changes.ts`), newest last. */
  toldChanges: z.array(z.object({ userId: userIdSchema, change: z.int() })).default([]),
})
export type SessionNotes = z.infer<typeof notesSchema>

export type SessionNotesStore = {
  current(): SessionNotes
  /** Saved before it answers. A disk that refuses is logged: the app goes on with what it knows until it is closed. */
  change(patch: Partial<SessionNotes>): void
}

const fresh = (): SessionNotes => ({
  deviceId: randomBytes(24).toString('base64url'),
  ended: null,
  lastUser: null,
  deviceName: null,
  lastEvent: null,
  newDevices: null,
  toldChanges: [],
})

function read(path: string, log: Log): SessionNotes | null {
  const text = readTextIfThere(path)
  if (text === null) return null
  try {
    return notesSchema.parse(JSON.parse(text))
  } catch (error) {
    // What is noted here is not worth a start that fails: the damaged file is kept aside for support.
    renameSync(path, `${path}.damaged`)
    log.error('session-notes.damaged', error)
    return null
  }
}

/** What this app remembers of its sign-in from one start to the next, in `session-notes.json`; never a token. */
export function openSessionNotes(folder: string, log: Log): SessionNotesStore {
  const path = join(folder, 'session-notes.json')
  const found = read(path, log)
  let current = found ?? fresh()
  const save = (): void => {
    try {
      writeTextDurably(path, JSON.stringify(current, null, 2))
    } catch (error) {
      log.error('session-notes.unsaved', error)
    }
  }
  if (found === null) save()
  return {
    current: () => current,
    change: (patch) => {
      current = { ...current, ...patch }
      save()
    },
  }
}
