import type { FileHandle } from 'node:fs/promises'
import type { FastifyReply } from 'fastify'
import type { SessionEndReason } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { Identity } from '../http/identity'
import type { Server } from '../http/server'
import { type GrantUse, isTaken, type Revocation, useOf } from '../sessions/revoke-grants'
import type { ApiTokenEnd } from '../tokens/api-tokens'
import type { TempTokens } from '../tokens/temp-tokens'
import { refuseRevoked } from '../uploads/upload-credentials'
import { ContentStream } from './content-stream'

const renewTokenMs = 60_000

type Parts = {
  readonly db: Database
  readonly tempTokens: Pick<TempTokens, 'renew'>
  readonly now: () => number
  readonly log: Server['log']
}

/**
 * The answers that bring content and are still on their way. One may run for hours: its temporary token is renewed by its bytes,
 * and a revocation ends it at once. The end of a session by its time does not.
 */
export class RunningDownloads {
  readonly #parts: Parts
  readonly #running = new Map<FastifyReply, GrantUse>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Sends a range of a file, whose owner it is from here on. `end` is inclusive.
   * @throws ProblemError `unauthorized` where the credential was revoked since it was let in
   */
  async send(
    reply: FastifyReply,
    { who, ...range }: { who: Identity; file: FileHandle; start: number; end: number },
  ): Promise<void> {
    this.#running.set(reply, useOf(who))
    reply.raw.once('close', () => this.#running.delete(reply))
    try {
      // On the list first: a revocation from now on finds it there, and one from before is seen here.
      await refuseRevoked(this.#parts.db, who)
    } catch (error) {
      this.#running.delete(reply)
      await range.file.close()
      throw error
    }
    // Whoever asked is gone: nobody would ever read the stream to its end.
    if (reply.raw.destroyed) return range.file.close()
    await reply.send(new ContentStream({ ...range, beforeSlice: this.#renewing(who) }))
  }

  /** Cuts what is being sent with what was revoked, in this very turn of the loop: the next request is told why. */
  stopRevoked(revocation: Revocation): void {
    this.#stop((use) => isTaken(revocation, use), revocation.reason)
  }

  /** The same for an API token and for temporary tokens of it. */
  stopApiToken({ apiTokenId, reason }: ApiTokenEnd): void {
    this.#stop((use) => use.apiTokenId === apiTokenId, reason)
  }

  #stop(isHit: (use: GrantUse) => boolean, reason: SessionEndReason | null): void {
    for (const [reply, use] of this.#running) {
      if (!isHit(use)) continue
      this.#parts.log.info({ reason }, 'download stopped')
      reply.raw.destroy()
    }
  }

  #renewing({ credential }: Identity): () => Promise<void> {
    if (credential.kind !== 'temp-token') return () => Promise.resolve()
    const { now, tempTokens } = this.#parts
    let renewedAt = now()
    return async () => {
      if (now() - renewedAt < renewTokenMs) return
      renewedAt = now()
      await tempTokens.renew(credential.tokenHash)
    }
  }
}
