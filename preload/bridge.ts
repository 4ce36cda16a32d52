import type { CommandName, DesktopApi, EventName } from '../contract/desktop'
import type { Reply } from '../contract/failures'
import type { SourceHandle } from '../contract/ids'
import { supportCommandNames } from './support-command-names'
import { backupCommandNames } from './backup-command-names'

/**
 * The names alone: the schemas behind them stay in main, which parses. A map, so that a name which is missing here (or
 * gone there) does not compile.
 */
export const commandNames: { readonly [Name in CommandName]: true } = {
  'app:snapshot': true,
  'app:log-error': true,
  'backend:retry': true,
  'sessions:register': true,
  'sessions:sign-in': true,
  'sessions:proof-ways': true,
  'sessions:begin-provider': true,
  'sessions:finish-provider': true,
  'sessions:cancel-provider': true,
  'sessions:sign-out': true,
  'sessions:list': true,
  'sessions:look': true,
  'sessions:rename': true,
  'sessions:end': true,
  'sessions:end-others': true,
  'sessions:history': true,
  'sessions:statistics': true,
  'sessions:dismiss-new-device': true,
  'sessions:change-password': true,
  'sessions:prove': true,
  'tokens:list': true,
  'tokens:create': true,
  'tokens:regenerate': true,
  'tokens:revoke': true,
  'quota:refresh': true,
  'uploads:pick': true,
  'uploads:inspect': true,
  'uploads:add': true,
  'uploads:discard': true,
  'transfers:pause': true,
  'transfers:resume': true,
  'transfers:retry': true,
  'transfers:start-over': true,
  'transfers:cancel': true,
  'transfers:upload-next': true,
  'transfers:remove': true,
  'transfers:find-file': true,
  'transfers:reveal': true,
  'transfers:support-details': true,
  'videos:list': true,
  'downloads:add': true,
  'videos:delete': true,
  'videos:media-url': true,
  'power:tell': true,
  'settings:change': true,
  'support:read': true,
  'support:save': true,
  'updates:check': true,
  'updates:install': true,
  'shell:speak': true,
  'notices:show': true,
  'openings:take': true,
  ...supportCommandNames,
  ...backupCommandNames,
}

const eventNames: { readonly [Name in EventName]: true } = {
  'backend:changed': true,
  'backups:changed': true,
  'restores:changed': true,
  'session:changed': true,
  'live:changed': true,
  'devices:changed': true,
  'new-devices:changed': true,
  'quota:changed': true,
  'transfers:changed': true,
  'settings:changed': true,
  'work:changed': true,
  'updates:changed': true,
  'action:asked': true,
  'notice:raised': true,
  'opening:arrived': true,
  'videos:changed': true,
}

/** The two calls of Electron's `ipcRenderer` that the bridge needs; the event object stops here. */
export type Channel = {
  /** Answers what main answered on the channel. */
  invoke(channel: string, input: unknown): Promise<unknown>
  /** Listens; answers the function that ends it. */
  listen(channel: string, listener: (payload: unknown) => void): () => void
}

/**
 * Builds what the page sees as `window.desktop`: one function for each command, and nothing that takes a channel name.
 * Answers come from main, which is trusted, so they are passed on unparsed.
 */
export function createDesktop<PageFile>({
  channel,
  pathOf,
}: {
  readonly channel: Channel
  /** The path behind a file of the page, or '' where the system gave none. */
  readonly pathOf: (file: PageFile) => string
}): DesktopApi<PageFile> {
  const call = (name: string) => (input: unknown) => channel.invoke(`command:${name}`, input)
  const commands = Object.freeze(Object.fromEntries(Object.keys(commandNames).map((name) => [name, call(name)])))
  return Object.freeze({
    // Safe: one function for each name of the map above, which is complete or does not compile.
    commands: commands as unknown as DesktopApi<PageFile>['commands'],
    on: (name, listener) => {
      // The page's own scripts could pass any string; only events of the contract have a channel.
      if (!Object.hasOwn(eventNames, name)) throw new TypeError('No such event')
      return channel.listen(`event:${name}`, (payload) => listener(payload as Parameters<typeof listener>[0]))
    },
    takeFiles: async (files) => {
      const paths = files.map(pathOf).filter((path) => path !== '')
      if (paths.length === 0) return { ok: true, value: [] }
      // Safe: main answers this channel with exactly this reply.
      return (await channel.invoke('files:take', paths)) as Reply<SourceHandle[]>
    },
    // The page and its host are one program here, so the connection cannot be lost.
    onConnection: (listener) => {
      listener(true)
      return () => undefined
    },
    onRefused: () => () => undefined,
  } satisfies DesktopApi<PageFile>)
}
