import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Failure, Reply } from '../../contract/failures'

export type Submission = {
  readonly isPending: boolean
  readonly failure: Failure | null
  /** Runs one attempt; a second one waits until the first has been answered. */
  submit(attempt: () => Promise<Reply<void>>): Promise<void>
}

/** The life of a form: at rest, under way, refused. A success is seen in the mirror, so `isPending` stays until then. */
export function useSubmit(): Submission {
  const [isPending, setIsPending] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  return {
    isPending,
    failure,
    async submit(attempt) {
      if (isPending) return
      setIsPending(true)
      const reply = await attempt()
      setFailure(reply.ok ? null : reply.failure)
      if (!reply.ok) setIsPending(false)
    },
  }
}

/** The complaint about one field of a refused form: `path` is the field's name, `message` the rule that it broke. */
export function fieldComplaint(failure: Failure | null, path: string): string | undefined {
  if (failure?.code !== 'invalid-input') return undefined
  return failure.fields.find((field) => field.path === path || field.path.endsWith(`.${path}`))?.message
}

/**
 * Puts the focus on the first field with a complaint, after each attempt that left one. `attempt` counts the tries.
 */
export function useFocusOnComplaint(attempt: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [attempt])
  return form
}
