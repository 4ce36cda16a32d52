import type { CommandHandlers, CommandName } from '../../contract/desktop'
import type { Host } from '../host'
import type { ProviderCode, ProviderSignIn } from '../sessions/provider-sign-in'
import type { Sessions } from '../sessions/sessions'

type ProviderCommand = Extract<CommandName, `sessions:${string}-provider` | 'sessions:proof-ways'>

/** Signing in through the system's browser. */
export function createProviderHandlers({
  host,
  sessions,
  providerSignIn,
}: {
  readonly host: Host
  readonly sessions: Sessions
  readonly providerSignIn: ProviderSignIn
}): Pick<CommandHandlers, ProviderCommand> {
  return {
    'sessions:proof-ways': () => sessions.call('proofWays'),
    'sessions:begin-provider': async ({ provider, purpose, deviceName, page }) => {
      const signIn = (code: ProviderCode): Promise<void> => sessions.signInWithCode({ ...code, deviceName })
      const prove = async ({ code, codeVerifier }: ProviderCode): Promise<void> => {
        await sessions.call('proveWithProvider', { body: { code, code_verifier: codeVerifier } })
      }
      const use = purpose === 'proof' ? prove : signIn
      const link = await providerSignIn.begin({ provider, purpose, page, use })
      if (!host.app.capabilities.openLinks) return { link }
      await host.openLink(link)
      return { link: null }
    },
    'sessions:finish-provider': async () => ({ isDone: await providerSignIn.finish() }),
    'sessions:cancel-provider': () => {
      providerSignIn.cancel()
      return Promise.resolve()
    },
  }
}
