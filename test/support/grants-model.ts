import type { SessionEndReason, UploadsChoice } from '../../contract/sessions'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export type SessionModel = {
  readonly token: string
  readonly id: string
  readonly expiresAt: number
  lastActiveAt: number
  provedAt: number
  /** Final: by a person, a limit, or the clock and a sweep that saw it. */
  ended: { readonly reason: SessionEndReason; readonly at: number } | null
  isForgotten: boolean
}

export type TokenModel = {
  readonly token: string
  readonly session: SessionModel
  readonly upload: UploadModel
  readonly endsAt: number
  expiresAt: number
  revoked: SessionEndReason | null
  mayFinish: boolean
  isForgotten: boolean
}

export type UploadModel = { readonly location: string; readonly session: SessionModel; expiresAt: number; isGone: boolean }

/**
 * What the grants of one user must be, in words of the interface's description: expired, signed out and revoked are different
 * states; only what a person (or the limit) ends takes the temporary tokens with it.
 */
export class GrantsModel {
  now = 0
  password = 'correct horse'
  isDisabled = false
  readonly sessions: SessionModel[] = []
  readonly tokens: TokenModel[] = []

  constructor(readonly limits: { readonly maxSessions: number; readonly sessionLifeMs: number }) {}

  /** Why a session is refused; null while it is good, `unknown` for one that nobody remembers. */
  refusalOf(session: SessionModel): SessionEndReason | 'unknown' | null {
    if (session.isForgotten) return 'unknown'
    if (session.ended !== null) return session.ended.reason
    if (session.expiresAt <= this.now) return 'expired'
    return this.isDisabled ? 'account_disabled' : null
  }

  refusalOfToken(token: TokenModel): SessionEndReason | 'unknown' | null {
    if (token.isForgotten) return 'unknown'
    const { ended } = token.session
    const isRevoked = ended !== null && ended.reason !== 'expired'
    if (token.revoked !== null) return token.revoked
    if (isRevoked && !(token.mayFinish && !token.upload.isGone)) return ended.reason
    if (this.isDisabled) return 'account_disabled'
    return token.expiresAt <= this.now ? 'unknown' : null
  }

  isProved(session: SessionModel): boolean {
    return Math.abs(this.now - session.provedAt) <= 15 * minute
  }

  touch(session: SessionModel): void {
    session.lastActiveAt = this.now
  }

  running(): SessionModel[] {
    return this.sessions.filter((session) => session.ended === null && session.expiresAt > this.now)
  }

  signedIn(token: string, id: string): void {
    const idle = this.running().toSorted((a, b) => a.lastActiveAt - b.lastActiveAt)
    for (const session of idle.slice(0, Math.max(0, idle.length + 1 - this.limits.maxSessions))) {
      this.revoke((each) => each === session, 'session_limit')
    }
    const { now } = this
    this.sessions.push({
      token,
      id,
      expiresAt: now + this.limits.sessionLifeMs,
      lastActiveAt: now,
      provedAt: now,
      ended: null,
      isForgotten: false,
    })
  }

  /** Ends sessions with their temporary tokens, in the moment and for good. */
  revoke(isMeant: (session: SessionModel) => boolean, reason: SessionEndReason, choice: UploadsChoice = 'pause'): void {
    this.closeExpired()
    const ended = this.running().filter(isMeant)
    for (const session of ended) session.ended = { reason, at: this.now }
    for (const token of this.tokens.filter(({ session, revoked }) => isMeant(session) && revoked === null)) {
      if (choice === 'finish' && !token.upload.isGone) token.mayFinish = true
      if (choice !== 'finish' || !token.mayFinish) token.revoked = reason
    }
    if (choice !== 'discard') return
    for (const { upload } of this.tokens) if (ended.includes(upload.session)) upload.isGone = true
  }

  changePassword(by: SessionModel, password: string): void {
    this.password = password
    this.revoke((session) => session !== by, 'password_changed')
    for (const token of this.tokens) token.revoked ??= 'password_changed'
    by.provedAt = this.now
  }

  used(token: TokenModel): void {
    const renewed = Math.min(this.now + 2 * hour, token.endsAt)
    if (renewed - token.expiresAt >= minute) token.expiresAt = renewed
    if (token.session.ended === null) this.touch(token.session)
    if (token.upload.expiresAt <= this.now) token.upload.isGone = true
  }

  /** Those that ran out stay over, also when the clock goes back. */
  closeExpired(): void {
    for (const session of this.sessions) {
      if (session.expiresAt <= this.now) session.ended ??= { reason: 'expired', at: session.expiresAt }
    }
  }

  sweep(): void {
    for (const { upload } of this.tokens) if (upload.expiresAt <= this.now) upload.isGone = true
    this.closeExpired()
    for (const token of this.tokens) if (token.expiresAt < this.now) token.isForgotten = true
    for (const session of this.sessions) {
      const isLeantOn = this.tokens.some((token) => token.session === session && !token.isForgotten)
      if (session.ended !== null && session.ended.at < this.now - 90 * day && !isLeantOn) session.isForgotten = true
    }
  }
}
