import { z } from 'zod'
import { backupCommands, backupEvents, followedRestoreSchema } from './backup-commands'
import { type Failure, type Reply, failureSchema } from './failures'
import {
  apiTokenIdSchema,
  sessionIdSchema,
  sourceHandleSchema,
  transferIdSchema,
  videoIdSchema,
  type SourceHandle,
} from './ids'
import { proofWaysSchema, providerIdSchema, providerPurposeSchema, providerSchema } from './providers'
import { quotaAnswerSchema } from './quota'
import {
  changePasswordBodySchema,
  newPasswordSchema,
  proofBodySchema,
  sessionEndReasonSchema,
  sessionHistorySchema,
  sessionNameBodySchema,
  sessionSchema,
  sessionStatisticsSchema,
  uploadsChoiceSchema,
  userSchema,
  usernameSchema,
} from './sessions'
import { languageSchema, settingsPatchSchema, settingsSchema } from './settings'
import { staffCommands } from './staff-commands'
import { supportCommands } from './support-commands'
import { apiTokenCreationSchema, apiTokenSchema, newApiTokenSchema } from './tokens'
import {
  actionSchema,
  nativeWordsSchema,
  noticeSchema,
  openingSchema,
  wordedNoticeSchema,
  workSchema,
  powerFactsSchema,
} from './shell'
import { ifExistsSchema, inspectionSchema, transferSchema, transfersChangeSchema, transferSummarySchema } from './transfers'
import { updatesSchema } from './updates'
import { videosPageSchema, videoSortSchema } from './videos'

/** What a host cannot do is false here, and its control is not drawn. */
export const capabilitiesSchema = z.object({
  /** The host opens its own file dialogue; otherwise the page uses an `<input type=file>`. */
  pickFiles: z.boolean(),
  revealInFolder: z.boolean(),
  /** The host opens the system's browser; otherwise the page opens another window of the browser that it is in. */
  openLinks: z.boolean(),
  /** The host keeps the computer awake; otherwise the page does, where its browser can. */
  keepAwake: z.boolean(),
  /** The host has menus and an icon of its own, and wants words for them (`shell:speak`). */
  nativeMenus: z.boolean(),
  /** The host shows notices of the system; otherwise the page does, where its browser can. */
  showNotices: z.boolean(),
  /** The app can go on when its window is closed. */
  stayWhenClosed: z.boolean(),
  startAtLogin: z.boolean(),
  /** The host opens its own dialogue to save a text; otherwise the page gives it to its browser. */
  saveFiles: z.boolean(),
  /** The host knows whether the computer runs on its battery. */
  knowBattery: z.boolean(),
})
export type Capabilities = z.infer<typeof capabilitiesSchema>

export const appInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  /** As the operating system says it, BCP 47. */
  osLocale: z.string(),
  capabilities: capabilitiesSchema,
  /** Where downloads go, to be shown; null where the host asks for a folder each time. */
  downloadFolder: z.string().nullable(),
})
export type AppInfo = z.infer<typeof appInfoSchema>

/**
 * What stands between the app and a backend elsewhere: nothing answers, the page of a network that wants a sign-in of its own
 * does, or a certificate is not valid at the time that this computer shows.
 */
export const lineFaultSchema = z.enum(['gone', 'captive-portal', 'wrong-clock'])
export type LineFault = z.infer<typeof lineFaultSchema>

export const backendStatusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starting') }),
  /** `clockAheadSeconds`: set where this computer's clock is far from that of a backend elsewhere; less than 0 is behind. */
  z.object({ kind: z.literal('ready'), clockAheadSeconds: z.int().optional() }),
  z.object({
    kind: z.literal('restarting'),
    attempt: z.int(),
    retryAt: z.iso.datetime().nullable(),
    /** Set for a backend elsewhere, which this app cannot start. */
    line: lineFaultSchema.optional(),
  }),
  z.object({ kind: z.literal('failed'), failure: failureSchema }),
])
export type BackendStatus = z.infer<typeof backendStatusSchema>

/** How a session came to its end, kept until somebody signs in again: what the screen says after a reload or a restart. */
export const sessionEndSchema = z.object({
  /** null: the backend gave none, or one that this version does not know. */
  reason: sessionEndReasonSchema.nullable(),
  at: z.iso.datetime(),
  /** '' where the app never learned whose session it was. */
  username: z.string(),
  /** The name of the device that ended it, where it was one. */
  byDevice: z.string().nullable(),
  /** What staff said when they ended it. */
  note: z.string().optional(),
  /** What becomes of this account's queue here. Counts only: with nobody signed in, no name of a file leaves main. */
  uploads: z.object({
    /** True where whoever ended the session had thrown away what this device was sending: nothing of it is sent again. */
    isDiscarded: z.boolean(),
    /** Still on their way, because whoever ended the session let them finish. */
    finishingCount: z.int(),
    waitingCount: z.int(),
    keptUntil: z.iso.datetime().nullable(),
  }),
  /** The same of downloads: what arrived of them is on this computer. */
  downloads: z.object({ finishingCount: z.int(), waitingCount: z.int() }),
})
export type SessionEnd = z.infer<typeof sessionEndSchema>

export const sessionStatusSchema = z.discriminatedUnion('kind', [
  /** Not yet known: the keychain or the backend has not answered. */
  z.object({ kind: z.literal('restoring') }),
  z.object({
    kind: z.literal('signed-out'),
    /** Set where a session was ended by something else than this person's own click here. */
    ended: sessionEndSchema.nullable(),
    /** True until the first account of this backend exists: that one becomes staff. */
    isFirstAccount: z.boolean(),
    canRegister: z.boolean(),
    /** OpenID providers that this backend takes; empty where it has none, or did not say. */
    providers: z.array(providerSchema),
    /** Suggested name of this device: as it was called last, else as the system calls it. */
    deviceName: z.string(),
  }),
  z.object({
    kind: z.literal('signed-in'),
    user: userSchema,
    session: sessionSchema,
    /** Where the token is kept. `memory`: no keychain answered, so the next start asks for a sign-in. */
    tokenStore: z.enum(['keychain', 'memory']),
  }),
])
export type SessionStatus = z.infer<typeof sessionStatusSchema>

export const quotaStatusSchema = z.object({
  quota: quotaAnswerSchema.nullable(),
  asOf: z.iso.datetime().nullable(),
  /** Set while the last refresh failed; the numbers are then those of `asOf`. */
  failure: failureSchema.nullable(),
  /** The last act of staff that this person was told of in this app; null until the first numbers. */
  toldChange: z.int().nullable(),
})
export type QuotaStatus = z.infer<typeof quotaStatusSchema>

/** Whether what others change (devices, quota, videos) is told at once, or asked for from time to time. */
export const liveStatusSchema = z.discriminatedUnion('kind', [
  /** Nobody is signed in, or the stream is being opened for the first time. */
  z.object({ kind: z.literal('off') }),
  z.object({ kind: z.literal('live') }),
  /** The stream is down; `asOf` is when everything was last asked for. */
  z.object({ kind: z.literal('polling'), asOf: z.iso.datetime(), everySeconds: z.int() }),
])
export type LiveStatus = z.infer<typeof liveStatusSchema>

export const snapshotSchema = z.object({
  app: appInfoSchema,
  backend: backendStatusSchema,
  session: sessionStatusSchema,
  live: liveStatusSchema,
  /** Devices that signed in to this account and that the person has not looked at yet. */
  newDevices: z.array(sessionSchema),
  quota: quotaStatusSchema,
  transfers: z.object({ items: z.array(transferSchema), summary: transferSummarySchema }),
  settings: settingsSchema,
  work: workSchema,
  updates: updatesSchema,
  restores: z.array(followedRestoreSchema),
})
export type Snapshot = z.infer<typeof snapshotSchema>

const browserWordsSchema = z.object({ title: z.string().min(1).max(200), text: z.string().min(1).max(500) })

/** What the system's browser shows when it comes back to the app: main has no words of its own. */
export const browserPageSchema = z.object({
  language: languageSchema,
  direction: z.enum(['ltr', 'rtl']),
  done: browserWordsSchema,
  failed: browserWordsSchema,
})
export type BrowserPage = z.infer<typeof browserPageSchema>

const noInput = z.undefined()
const done = z.void()
const transferIds = z.array(transferIdSchema).min(1).max(10_000)

/** Commands are `noun:verb`. Main parses the input before anything else happens. */
export const commands = {
  'app:snapshot': { input: noInput, output: snapshotSchema },
  'app:log-error': { input: z.object({ message: z.string().max(2000), stack: z.string().max(8000) }), output: done },
  'backend:retry': { input: noInput, output: done },
  'sessions:register': {
    input: z.object({
      username: usernameSchema,
      password: newPasswordSchema,
      displayName: z.string().trim().max(100).optional(),
      email: z.email().max(254).optional(),
      deviceName: z.string().trim().min(1).max(100),
    }),
    output: done,
  },
  'sessions:sign-in': {
    input: z.object({
      username: z.string().trim().min(1).max(256),
      password: z.string().min(1).max(256),
      deviceName: z.string().trim().min(1).max(100),
    }),
    output: done,
  },
  /**
   * Begins a sign-in through a provider, or (`proof`) shows again who this is; gives up one that was under way. `link` is null
   * where the host has opened it, else the page opens it.
   */
  'sessions:begin-provider': {
    input: z.object({
      provider: providerIdSchema,
      purpose: providerPurposeSchema,
      deviceName: z.string().trim().min(1).max(100),
      page: browserPageSchema,
    }),
    output: z.object({ link: z.url({ protocol: /^https?$/ }).nullable() }),
  },
  /** Answers when the browser has come back; `isDone` is false where the sign-in was given up meanwhile. */
  'sessions:finish-provider': { input: noInput, output: z.object({ isDone: z.boolean() }) },
  'sessions:cancel-provider': { input: noInput, output: done },
  'sessions:sign-out': { input: noInput, output: done },
  /** Where the account is signed in: this device first, then by last activity. */
  'sessions:list': { input: noInput, output: z.array(sessionSchema) },
  /** One device as it is now: what a person sees before signing it out. */
  'sessions:look': { input: sessionIdSchema, output: sessionSchema },
  'sessions:rename': { input: sessionNameBodySchema.extend({ id: sessionIdSchema }), output: sessionSchema },
  'sessions:end': { input: z.strictObject({ id: sessionIdSchema, uploads: uploadsChoiceSchema }), output: done },
  'sessions:end-others': { input: z.strictObject({ uploads: uploadsChoiceSchema }), output: z.object({ ended: z.int() }) },
  'sessions:history': { input: z.object({ cursor: z.string().max(100).nullable() }), output: sessionHistorySchema },
  'sessions:statistics': { input: noInput, output: sessionStatisticsSchema },
  /** The person has seen the notice of a new device. */
  'sessions:dismiss-new-device': { input: sessionIdSchema, output: done },
  /** Ends every other session and every token of the account. Fails with `wrong-password` where `current` is not right. */
  'sessions:change-password': { input: changePasswordBodySchema, output: done },
  /** How this person can show it: with a password, or at a provider (`sessions:begin-provider` with `proof`). */
  'sessions:proof-ways': { input: noInput, output: proofWaysSchema },
  /** Shows that it is still the same person; asked for by any command that failed with `proof-required`. */
  'sessions:prove': { input: proofBodySchema, output: done },
  'tokens:list': { input: noInput, output: z.array(apiTokenSchema) },
  /** The key is in this one answer and nowhere else; it is the person's own, to be copied into a script. */
  'tokens:create': { input: apiTokenCreationSchema, output: newApiTokenSchema },
  'tokens:regenerate': { input: apiTokenIdSchema, output: newApiTokenSchema },
  'tokens:revoke': { input: apiTokenIdSchema, output: done },
  'quota:refresh': { input: noInput, output: done },
  /** Opens the host's dialogue (capability `pickFiles`); an empty answer means that it was closed. */
  'uploads:pick': { input: z.object({ kind: z.enum(['file', 'files', 'folder']) }), output: z.array(sourceHandleSchema) },
  'uploads:inspect': { input: z.array(sourceHandleSchema).min(1).max(5_000), output: z.array(inspectionSchema) },
  'uploads:add': { input: z.array(sourceHandleSchema).min(1).max(5_000), output: z.array(transferIdSchema) },
  /** Forgets handles that are not going to be added (and removes spooled copies of them). */
  'uploads:discard': { input: z.array(sourceHandleSchema).max(5_000), output: done },
  'transfers:pause': { input: transferIds, output: done },
  'transfers:resume': { input: transferIds, output: done },
  'transfers:retry': { input: transferIds, output: done },
  'transfers:start-over': { input: transferIds, output: done },
  'transfers:cancel': { input: transferIds, output: done },
  'transfers:upload-next': { input: transferIdSchema, output: done },
  /** Takes finished, failed or cancelled rows out of the list; touches no video. An unfinished part is given back. */
  'transfers:remove': { input: transferIds, output: done },
  /**
   * Goes on from a file that is at another place by now. Fails with `other-file` where it is not the one that was begun; its
   * handle is forgotten in any case.
   */
  'transfers:find-file': { input: z.object({ id: transferIdSchema, handle: sourceHandleSchema }), output: done },
  'transfers:reveal': { input: transferIdSchema, output: done },
  /** What support needs to know of a transfer: plain text without a secret or a path, to be read before it is copied. */
  'transfers:support-details': { input: transferIdSchema, output: z.object({ text: z.string() }) },
  'videos:list': {
    input: z.object({
      cursor: z.string().max(500).nullable(),
      query: z.string().max(200),
      sort: videoSortSchema,
    }),
    output: videosPageSchema,
  },
  /**
   * Brings videos to this computer. The host asks for the folder where it can: null means that its dialogue was closed. A file
   * of that name which is there already is named in `skipped`.
   */
  'downloads:add': {
    input: z.object({
      videos: z.union([z.literal('all'), z.array(videoIdSchema).min(1).max(5_000)]),
      ifExists: ifExistsSchema,
    }),
    output: z.object({ added: z.array(transferIdSchema), skipped: z.array(z.string()) }).nullable(),
  },
  'videos:delete': { input: videoIdSchema, output: done },
  /**
   * An address that this window alone can play: same origin, for one video, made by main and forgotten at sign-out.
   * The token of the session is not in it.
   */
  'videos:media-url': { input: videoIdSchema, output: z.object({ contentUrl: z.string(), thumbnailUrl: z.string() }) },
  /** Said again every half a minute while a setting asks after it; what is not repeated is forgotten. */
  'power:tell': { input: powerFactsSchema, output: done },
  'settings:change': { input: settingsPatchSchema, output: settingsSchema },
  /**
   * What support needs to know of the app as a whole: plain text without a secret, to be read before it is copied or saved. Names
   * of files, people and folders are in it only where that was asked for.
   */
  'support:read': { input: z.object({ withNames: z.boolean() }), output: z.object({ text: z.string() }) },
  /** Saves the same where the host's dialogue says (capability `saveFiles`). */
  'support:save': { input: z.object({ withNames: z.boolean() }), output: done },
  /** Looks for a newer version of the app now. */
  'updates:check': { input: noInput, output: done },
  /** Installs the version that is ready once no byte moves: the app ends, and starts again by itself. */
  'updates:install': { input: noInput, output: done },
  /** Gives the words of menus and tray, in the language of the page (capability `nativeMenus`). */
  'shell:speak': { input: nativeWordsSchema, output: done },
  /** Shows a notice that `notice:raised` told, in words (capability `showNotices`). */
  'notices:show': { input: wordedNoticeSchema, output: done },
  /** What was opened from outside since this was last asked; asked at start and at `opening:arrived`. */
  'openings:take': { input: noInput, output: openingSchema },
  ...staffCommands,
  ...supportCommands,
  ...backupCommands,
} satisfies Record<string, { input: z.ZodType; output: z.ZodType }>

export type CommandName = keyof typeof commands
export type CommandInput<Name extends CommandName> = z.infer<(typeof commands)[Name]['input']>
export type CommandOutput<Name extends CommandName> = z.infer<(typeof commands)[Name]['output']>

/** A mapped type, so a forgotten handler does not compile. A handler throws `AppError` for what is expected. */
export type CommandHandlers = {
  readonly [Name in CommandName]: (input: CommandInput<Name>) => Promise<CommandOutput<Name>>
}

/** Events are `noun:past`. Each carries the whole new truth of its noun, except transfers (changed rows only). */
export const events = {
  'backend:changed': backendStatusSchema,
  'session:changed': sessionStatusSchema,
  'live:changed': liveStatusSchema,
  /** Devices, their history or API tokens changed; whoever shows them asks again. */
  'devices:changed': z.undefined(),
  'new-devices:changed': z.array(sessionSchema),
  'quota:changed': quotaStatusSchema,
  'transfers:changed': transfersChangeSchema,
  'settings:changed': settingsSchema,
  'work:changed': workSchema,
  'updates:changed': updatesSchema,
  /** A menu, or a key of the system, asks this of the page. */
  'action:asked': actionSchema,
  'notice:raised': noticeSchema,
  'opening:arrived': z.undefined(),
  /** The library changed; whoever shows it asks again. */
  'videos:changed': z.undefined(),
  ...backupEvents,
} satisfies Record<string, z.ZodType>

export type EventName = keyof typeof events
export type EventPayload<Name extends EventName> = z.infer<(typeof events)[Name]>

/**
 * What a host offers the page as `window.desktop`: named functions, nothing generic. `PageFile` is the page's `File`
 * (this folder knows no DOM).
 */
export type DesktopApi<PageFile> = {
  readonly commands: {
    readonly [Name in CommandName]: (input: CommandInput<Name>) => Promise<Reply<CommandOutput<Name>>>
  }
  /** Subscribes to an event of main; answers the function that ends it. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void
  /**
   * Turns files of the page (picked or dropped) into handles. In Electron their paths go to main; in the browser host their
   * bytes are spooled to main's disk, with progress.
   */
  takeFiles(files: readonly PageFile[], onProgress: (takenBytes: number) => void): Promise<Reply<SourceHandle[]>>
  /** Tells whether the page is still connected to its host. Electron's always is. */
  onConnection(listener: (isConnected: boolean) => void): () => void
  /**
   * Tells that the host does not know this page: its address was used before, or the app was started again since. It never
   * comes back from that. Electron's never happens.
   */
  onRefused(listener: () => void): () => void
}

export const failed = (failure: Failure): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure })
