import type { ApiTokenId } from '../../contract/ids'
import type { SessionEndReason } from '../../contract/sessions'
import { type GrantUse, isTaken, type Revocation } from '../sessions/revoke-grants'

/** Why a writer is asked to let go. */
export type StopReason =
  | { readonly kind: 'taken-over' | 'terminated' | 'shutdown' }
  | { readonly kind: 'revoked'; readonly endReason: SessionEndReason | null }

export type WriteTurn = Disposable & {
  /** Aborted, with a `StopReason` as its reason, when the writer must let go. */
  readonly signal: AbortSignal
}

export type TurnOwner = GrantUse

type Holder = {
  readonly controller: AbortController
  /** null for the backend itself. */
  readonly owner: TurnOwner | null
  readonly isWriter: boolean
  readonly done: Promise<void>
}

/**
 * One writer per upload. A newcomer asks the holder to let go and waits until it has: half-open connections look alive for
 * minutes. Of several newcomers the last one wins, the others are taken over before they began.
 */
export class WriteTurns {
  readonly #holders = new Map<string, Holder>()

  get count(): number {
    return this.#holders.size
  }

  /** True while somebody sends, or waits to; ending an upload holds its turn as well, and is no writing. */
  isWriting(uploadId: string): boolean {
    return this.#holders.get(uploadId)?.isWriter === true
  }

  /** Waits for the turn of an upload. The turn is over when it is disposed. */
  async take(uploadId: string, owner: TurnOwner | null, reason: StopReason = { kind: 'taken-over' }): Promise<WriteTurn> {
    const before = this.#holders.get(uploadId)
    const controller = new AbortController()
    const { promise: done, resolve: finish } = Promise.withResolvers<void>()
    const holder: Holder = { controller, owner, isWriter: reason.kind === 'taken-over', done }
    this.#holders.set(uploadId, holder)
    before?.controller.abort(reason)
    await before?.done
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => {
        if (this.#holders.get(uploadId) === holder) this.#holders.delete(uploadId)
        finish()
      },
    }
  }

  /** Stops what was being sent with what was revoked, in this very turn of the loop. */
  stopRevoked(revocation: Revocation): void {
    const reason: StopReason = { kind: 'revoked', endReason: revocation.reason }
    for (const { owner, controller } of this.#holders.values()) {
      if (owner !== null && isTaken(revocation, owner)) controller.abort(reason)
    }
  }

  /** Stops what was being sent with an API token or a temporary token of it. */
  stopApiToken(apiTokenId: ApiTokenId, endReason: SessionEndReason | null): void {
    for (const { owner, controller } of this.#holders.values()) {
      if (owner?.apiTokenId === apiTokenId) controller.abort({ kind: 'revoked', endReason } satisfies StopReason)
    }
  }

  async stopAll(): Promise<void> {
    const holders = [...this.#holders.values()]
    for (const { controller } of holders) controller.abort({ kind: 'shutdown' } satisfies StopReason)
    await Promise.all(holders.map(({ done }) => done))
  }
}
