import type { CommandHandlers, CommandName } from '../../contract/desktop'
import { AppError } from '../../contract/failures'
import type { Publish } from '../events'
import type { NewDevices } from '../sessions/new-devices'
import type { Sessions } from '../sessions/sessions'

type SessionCommand = Exclude<
  Extract<CommandName, `sessions:${string}` | `tokens:${string}`>,
  `sessions:${string}-provider` | 'sessions:proof-ways'
>

/** A password that is asked for again is no sign-in: its refusal has words of its own. */
async function asProof(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    const isWrong = error instanceof AppError && error.failure.code === 'wrong-credentials'
    throw isWrong ? new AppError({ code: 'wrong-password' }, { cause: error }) : error
  }
}

/** Signing in and out, devices, the password, and keys for scripts. */
export function createSessionHandlers({
  sessions,
  newDevices,
  publish,
}: {
  readonly sessions: Sessions
  readonly newDevices: NewDevices
  readonly publish: Publish
}): Pick<CommandHandlers, SessionCommand> {
  // Where the stream of events is up it says so too; who is at this window should not depend on it.
  const devicesChanged = (): void => publish('devices:changed', undefined)
  return {
    'sessions:register': (input) => sessions.register(input),
    'sessions:sign-in': (input) => sessions.signIn(input),
    'sessions:sign-out': () => sessions.signOut(),
    'sessions:list': async () => {
      const { sessions: devices } = await sessions.call('sessions')
      newDevices.keepOnly(devices)
      return devices
    },
    'sessions:look': (id) => sessions.call('session', { params: { id } }),
    'sessions:rename': async ({ id, name }) => {
      const renamed = await sessions.call('renameSession', { params: { id }, body: { name } })
      if (renamed.current) await sessions.refresh()
      devicesChanged()
      return renamed
    },
    'sessions:end': async ({ id, uploads }) => {
      await sessions.call('endSession', { params: { id }, query: { uploads } })
      newDevices.dismiss(id)
      devicesChanged()
    },
    'sessions:end-others': async ({ uploads }) => {
      const { ended } = await sessions.call('endOtherSessions', { query: { uploads } })
      newDevices.keepOnly([])
      devicesChanged()
      return { ended }
    },
    'sessions:history': ({ cursor }) => sessions.call('sessionHistory', { query: cursor === null ? {} : { cursor } }),
    'sessions:statistics': () => sessions.call('sessionStatistics'),
    'sessions:dismiss-new-device': (id) => {
      newDevices.dismiss(id)
      return Promise.resolve()
    },
    'sessions:change-password': async (body) => {
      await asProof(sessions.call('changePassword', { body }))
      newDevices.keepOnly([])
      devicesChanged()
    },
    'sessions:prove': (body) => asProof(sessions.call('prove', { body })),

    'tokens:list': async () => (await sessions.call('apiTokens')).tokens,
    'tokens:create': async (body) => {
      const made = await sessions.call('createApiToken', { body })
      devicesChanged()
      return made
    },
    'tokens:regenerate': async (id) => {
      const made = await sessions.call('regenerateApiToken', { params: { id } })
      devicesChanged()
      return made
    },
    'tokens:revoke': async (id) => {
      await sessions.call('revokeApiToken', { params: { id } })
      devicesChanged()
    },
  }
}
