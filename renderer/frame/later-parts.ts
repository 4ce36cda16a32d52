/**
 * The scripts that the page loads after its start are held to the digests that it came with (`scripts/later-parts.ts`). In a
 * browser our host may be killed, and whoever takes its port could answer for it: what has other bytes is not run.
 */

type Part = { readonly path: string; readonly integrity: string }

function readParts(): Part[] {
  const words = document.querySelector<HTMLMetaElement>('meta[name="later-parts"]')?.content.split(' ') ?? []
  return words.flatMap((path, index) =>
    index % 2 === 0 && words[index + 1] ? [{ path, integrity: words[index + 1] ?? '' }] : [],
  )
}

/** Loads a script into the document's map of modules, from which alone an `import()` of it is answered from then on. */
function hold({ path, integrity }: Part): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link')
    link.rel = 'modulepreload'
    link.integrity = integrity
    link.href = path
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => reject(new Error(`${path} could not be loaded, or is not what it was`)))
    document.head.append(link)
  })
}

let held: Promise<unknown> | null = null

/** After this every part is here, and the right one. All at once: the entries are taken before the first answer is there. */
export function holdLaterParts(): Promise<unknown> {
  held ??= Promise.all(readParts().map(hold)).catch((error: unknown) => {
    held = null
    throw error
  })
  return held
}

/** Fetches them, without running them, once the first screen is drawn: nobody waits for one then. */
export function holdPartsWhenIdle(): void {
  // What fails here fails again, and is shown, when it is asked for.
  requestIdleCallback(() => void holdLaterParts().catch(() => undefined), { timeout: 2_000 })
}

/** A browser that cannot be held to them loads all of it with the page, while the host that made it is there. */
export const canHoldParts = (): boolean => document.createElement('link').relList.supports('modulepreload')
