import { useEffect, useState } from 'react'

/** A search begins when the typing pauses. */
const typingPauseMs = 250

/** `text` once it has not changed for a moment; an emptied field counts at once. */
export function usePaused(text: string, pauseMs = typingPauseMs): string {
  const [paused, setPaused] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), text === '' ? 0 : pauseMs)
    return () => clearTimeout(timer)
  }, [text, pauseMs])
  return paused
}
