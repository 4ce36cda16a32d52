import { create } from 'zustand'

type Waiting = { readonly id: number; settle(isProven: boolean): void }

/** Commands that wait for the person to confirm that it is them; one dialogue answers all of them. */
export const useProof = create<{ readonly waiting: readonly Waiting[] }>(() => ({ waiting: [] }))

let nextId = 0

/** Opens the dialogue; answers whether the person gave the right password. */
export function askForProof(): Promise<boolean> {
  return new Promise((resolve) => {
    nextId += 1
    const asked = { id: nextId, settle: resolve }
    useProof.setState(({ waiting }) => ({ waiting: [...waiting, asked] }))
  })
}

/** Ends the dialogue: proven, or given up. */
export function settleProof(isProven: boolean): void {
  const { waiting } = useProof.getState()
  useProof.setState({ waiting: [] })
  for (const { settle } of waiting) settle(isProven)
}
