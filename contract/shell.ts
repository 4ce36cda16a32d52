import { z } from 'zod'
import { sourceHandleSchema, transferIdSchema } from './ids'
import { nativeWordKeys } from './native-words'

/** The queue in one word, for what stands outside the window: tray, dock, taskbar, the title of a browser's tab. */
export const workSchema = z.object({
  /** The worst state that needs the person, else the most active one; paused only where all of it is. */
  kind: z.enum(['idle', 'working', 'paused', 'needs-you']),
  /** How much of what was begun since the queue was last empty has been sent or has arrived, 0 to 1; null while idle. */
  share: z.number().min(0).max(1).nullable(),
  problemCount: z.int().min(0),
  /** Why the queue rests by a setting of its person; null where it does not. */
  heldFor: z.enum(['battery', 'metered']).nullable(),
})
export type Work = z.infer<typeof workSchema>

/** What a page can tell of the computer that it is shown on; null where its browser does not know. */
export const powerFactsSchema = z.strictObject({ isOnBattery: z.boolean().nullable(), isMetered: z.boolean().nullable() })
export type PowerFacts = Readonly<z.infer<typeof powerFactsSchema>>

export const sectionSchema = z.enum(['uploads', 'library', 'quota', 'devices', 'backups', 'settings'])
export type Section = z.infer<typeof sectionSchema>

/** What a menu, the tray or a key of the system asks the page to do. */
export const actionSchema = z.enum([
  'add-videos',
  'add-folder',
  'retry-failed',
  'show-palette',
  'show-shortcuts',
  'show-guide',
  'show-support',
  ...sectionSchema.options,
])
export type Action = z.infer<typeof actionSchema>

/** Where a click on a notice leads. */
export const noticeTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('transfer'), id: transferIdSchema }),
  z.object({ kind: z.literal('section'), section: sectionSchema }),
])
export type NoticeTarget = z.infer<typeof noticeTargetSchema>

/** What is worth a word from outside the window. Main decides that; the page has the words. */
export const noticeSchema = z.discriminatedUnion('kind', [
  /** The queue came to its end: nothing moves or waits any more. */
  z.object({ kind: z.literal('queue-done'), doneCount: z.int(), problemCount: z.int() }),
  z.object({ kind: z.literal('problem'), id: transferIdSchema, name: z.string() }),
  z.object({ kind: z.literal('new-device'), name: z.string() }),
  z.object({ kind: z.literal('session-ended') }),
])
export type Notice = z.infer<typeof noticeSchema>

/** A notice in words, for a host that shows it. */
export const wordedNoticeSchema = z.strictObject({
  title: z.string().min(1).max(200),
  body: z.string().max(500),
  target: noticeTargetSchema,
})
export type WordedNotice = z.infer<typeof wordedNoticeSchema>

const wordSchema = z.string().min(1).max(200)
export const nativeWordsSchema = z.record(z.enum(nativeWordKeys), wordSchema)

/** What somebody outside the window wants it to show or take: files opened with the app, a `reelport://` link, a notice. */
export const openingSchema = z.object({
  handles: z.array(sourceHandleSchema),
  target: noticeTargetSchema.nullable(),
})
export type Opening = z.infer<typeof openingSchema>
