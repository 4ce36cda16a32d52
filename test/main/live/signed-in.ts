import { sessionIdSchema, userIdSchema } from '../../../contract/ids'
import type { SessionState } from '../../../main/sessions/session-state'

const at = '2026-11-21T12:00:00.000Z'

/** "nok", signed in at Home-PC. */
export const signedIn = {
  kind: 'signed-in',
  user: {
    id: userIdSchema.parse('user-00001'),
    username: 'nok',
    displayName: null,
    email: null,
    role: 'user',
    hasPassword: true,
    createdAt: at,
  },
  session: {
    id: sessionIdSchema.parse('session-1'),
    device: { name: 'Home-PC', type: 'desktop', os: 'Linux x64', app: 'Reelport 0.1.0' },
    ipAddress: '',
    place: null,
    transferring: null,
    createdAt: at,
    lastActiveAt: at,
    expiresAt: at,
    current: true,
  },
  tokenStore: 'keychain',
} satisfies SessionState
