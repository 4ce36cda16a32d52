import { AppError } from '../../contract/failures'
import { codeOrNull, type FlightEvent, type FlightRequest } from './flight-event'
import type { TransfersClient } from './transfers-client'
import { TransportError, type TusAnswer } from './uploads-client'

type Note = (event: FlightEvent) => void
type Told = Pick<TusAnswer, 'status' | 'retryAfterMs' | 'problem'> & { readonly offsetBytes?: number | null }

/** The same client, which puts each answer on record, and each that did not come. Tokens pass by unseen. */
export function createRecordedClient(client: TransfersClient, note: Note, now: () => number): TransfersClient {
  const recorded = async <Answer>(
    request: FlightRequest,
    call: () => Promise<Answer>,
    tellOf: (answer: Answer) => Told,
  ): Promise<Answer> => {
    const askedAtMs = now()
    const tookMs = (): number => Math.max(0, now() - askedAtMs)
    try {
      const answer = await call()
      const { status, problem, offsetBytes = null, retryAfterMs } = tellOf(answer)
      const code = problem?.code ?? null
      note({ kind: 'answer', request, status, code, offsetBytes, retryAfterMs, tookMs: tookMs() })
      return answer
    } catch (error) {
      if (error instanceof TransportError) {
        const systemCode = codeOrNull(error.message)
        note({ kind: 'no-answer', request, reason: error.kind, systemCode, tookMs: tookMs() })
      }
      throw error
    }
  }

  return {
    ...client,
    create: (asked) =>
      recorded(
        'create',
        () => client.create(asked),
        (answer) => answer,
      ),
    head: (asked) =>
      recorded(
        'head',
        () => client.head(asked),
        (answer) => answer,
      ),
    patch: (asked) =>
      recorded(
        'patch',
        () => client.patch(asked),
        (answer) => answer,
      ),
    state: (asked) =>
      recorded(
        'state',
        () => client.state(asked),
        ({ answer, state }) => ({ ...answer, offsetBytes: state?.offsetBytes ?? null }),
      ),
    remove: (asked) =>
      recorded(
        'delete',
        () => client.remove(asked),
        (answer) => answer,
      ),
    content: (asked) =>
      recorded(
        'content',
        () => client.content(asked),
        (answer) => answer,
      ),
  }
}

/** Puts on record that a temporary token was asked for, and what came of it. */
export const recordToken = (note: Note, isRenewal: boolean, take: () => Promise<string>): Promise<string> =>
  recordRefusal(take, (refusal) => note({ kind: 'token', isRenewal, refusal }))

/** The same for what main asks the backend in the place of this process. */
export const recordAsking = <Answer>(note: Note, what: 'twin' | 'accept', ask: () => Promise<Answer>): Promise<Answer> =>
  recordRefusal(ask, (refusal) => note({ kind: 'asked', what, refusal }))

async function recordRefusal<Answer>(ask: () => Promise<Answer>, tell: (refusal: string | null) => void): Promise<Answer> {
  try {
    const answer = await ask()
    tell(null)
    return answer
  } catch (error) {
    if (error instanceof AppError) tell(error.failure.code)
    throw error
  }
}
