import { useEffect, useState } from 'react'

/** `value` as soon as it is false, and only after `delayMs` once it is true. */
export function useLasting(value: boolean, delayMs: number): boolean {
  const [hasLasted, setHasLasted] = useState(false)
  useEffect(() => {
    if (!value) return undefined
    const timer = setTimeout(() => setHasLasted(true), delayMs)
    return () => {
      clearTimeout(timer)
      setHasLasted(false)
    }
  }, [value, delayMs])
  return value && hasLasted
}
