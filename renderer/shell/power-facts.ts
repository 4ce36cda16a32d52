import type { PowerFacts } from '../../contract/shell'

/** Members that not every browser has, and that TypeScript's library therefore leaves out. */
type Battery = EventTarget & { readonly charging: boolean }
type Connection = EventTarget & { readonly type?: string; readonly saveData?: boolean }
type Known = { readonly getBattery?: () => Promise<Battery>; readonly connection?: Connection }

// Safe: every member is looked for before it is used.
const known = (): Known => navigator as Known

/** True where this browser tells of the battery. */
export const canTellBattery = (): boolean => typeof known().getBattery === 'function'

/** True where this browser knows what kind of line it is on, or was told to save data. */
export function canTellMetered(): boolean {
  const { connection } = known()
  return connection !== undefined && (connection.saveData === true || !['unknown', undefined].includes(connection.type))
}

function isMetered({ connection }: Known): boolean | null {
  if (connection === undefined || !canTellMetered()) return null
  return connection.saveData === true || connection.type === 'cellular'
}

/** Tells what is so now and each change of it, until it is stopped. */
export function watchPowerFacts(tell: (facts: PowerFacts) => void): () => void {
  const { connection, getBattery } = known()
  let battery: Battery | null = null
  let isOver = false
  const say = (): void => {
    if (!isOver) tell({ isOnBattery: battery === null ? null : !battery.charging, isMetered: isMetered(known()) })
  }
  connection?.addEventListener('change', say)
  void getBattery?.call(navigator).then(
    (found) => {
      battery = found
      battery.addEventListener('chargingchange', say)
      say()
    },
    // A browser that has it may still keep it from a page.
    () => undefined,
  )
  say()
  // Main forgets what no page repeats: a window that is closed knows nothing any more.
  const timer = setInterval(say, 30_000)
  return () => {
    isOver = true
    clearInterval(timer)
    connection?.removeEventListener('change', say)
    battery?.removeEventListener('chargingchange', say)
  }
}
