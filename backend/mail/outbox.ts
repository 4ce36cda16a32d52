import type { Language } from '../../contract/settings'
import type { Database } from '../db/database'
import type { Server } from '../http/server'
import type { RandomSource } from '../ids'
import { countMails, findDueMails, insertMail, postponeMail, removeMail, type MailRow } from './mails-table'
import type { SendLetter } from './smtp-sender'

const minute = 60_000
/** The pauses before the next tries, the last one for all that follow. */
const pausesMs = [1 * minute, 5 * minute, 15 * minute, 60 * minute, 4 * 60 * minute] as const
const giveUpAfterMs = 3 * 24 * 60 * minute
/** More than these do not wait for one person: whoever floods an account with sign-ins does not flood a mailbox. */
const mostPerUser = 10
const atOnce = 20
const lookEveryMs = 30_000
/** How long a stop waits for a letter that is being sent. */
const stopPatienceMs = 2_000

export type Mail = Pick<MailRow, 'userId' | 'recipient' | 'subject' | 'text'> & { readonly language: Language }

export type Outbox = AsyncDisposable & {
  /** Inside the transaction of what the mail is about: either both are there, or neither. Sent after `wake`. */
  readonly put: (transaction: Database, mail: Mail) => Promise<void>
  /** Sends what is due, soon. */
  readonly wake: () => void
  /** Sends what is due, and resolves when each of these was tried. */
  readonly deliver: () => Promise<void>
}

type Parts = {
  readonly db: Database
  readonly send: SendLetter
  readonly log: Server['log']
  readonly now: () => number
  readonly random: RandomSource
}

/** Mail that waits in the database until a mail server has taken it: a server that is down costs time and loses nothing. */
export function createOutbox({ db, send, log, now, random }: Parts): Outbox {
  let running: Promise<void> | null = null
  let isDisposed = false

  const tryOne = async (mail: MailRow): Promise<void> => {
    const { id, language, subject, text } = mail
    try {
      await send({ id, to: mail.recipient, language, subject, text })
      // Not after the end: the next start sends it again under the same Message-ID.
      if (!isDisposed) await removeMail(db, id)
    } catch (error) {
      if (isDisposed) return
      const attempts = mail.attempts + 1
      // The words of a mail server hold addresses; its codes say what is to be known here.
      const said = { mail: id, user: mail.userId, attempts, ...codesOf(error) }
      if (isForGood(error) || now() - mail.createdAt >= giveUpAfterMs) {
        log.error(said, 'a mail could not be sent and is given up')
        return removeMail(db, id)
      }
      log.warn(said, 'a mail could not be sent and is tried again')
      const pauseMs = pausesMs[Math.min(attempts, pausesMs.length) - 1] ?? minute
      await postponeMail(db, { id, attempts, nextAttemptAt: now() + pauseMs })
    }
  }

  const deliverDue = async (): Promise<void> => {
    const due = await findDueMails(db, now(), atOnce)
    for (const mail of due) if (!isDisposed) await tryOne(mail)
    if (due.length === atOnce && !isDisposed) await deliverDue()
  }

  const deliver = (): Promise<void> => {
    if (isDisposed) return Promise.resolve()
    const before = running ?? Promise.resolve()
    const round = before.then(deliverDue).catch((error: unknown) => {
      log.error({ err: error }, 'the outbox could not be worked on')
    })
    running = round
    return round
  }

  const timer = setInterval(() => {
    void deliver()
  }, lookEveryMs)
  timer.unref()
  return {
    put: async (transaction, mail) => {
      if ((await countMails(transaction, mail.userId, mostPerUser)) >= mostPerUser) {
        log.warn({ user: mail.userId }, 'too many mails wait for this user: one more was left out')
        return
      }
      const at = now()
      const id = random(16).toString('hex')
      await insertMail(transaction, { id, ...mail, attempts: 0, nextAttemptAt: at, createdAt: at })
    },
    wake: () => void deliver(),
    deliver,
    [Symbol.asyncDispose]: async () => {
      isDisposed = true
      clearInterval(timer)
      const patience = Promise.withResolvers<void>()
      const stop = setTimeout(patience.resolve, stopPatienceMs)
      await Promise.race([running, patience.promise])
      clearTimeout(stop)
    },
  }
}

/** The server took a look at the letter or its address and said: never. */
function isForGood(error: unknown): boolean {
  const { code, responseCode } = codesOf(error)
  const isAboutLetter = code === 'EENVELOPE' || code === 'EMESSAGE'
  return isAboutLetter && responseCode !== null && responseCode >= 500
}

function codesOf(error: unknown): { readonly code: string; readonly responseCode: number | null } {
  if (!(error instanceof Error)) return { code: 'unknown', responseCode: null }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const responseCode = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
  return { code, responseCode }
}
