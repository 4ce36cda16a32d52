import { powerSaveBlocker } from 'electron'

/** Keeps the computer, not its screen, from falling asleep, from one call to the next. */
export function createAwakeKeeper(): (isWanted: boolean) => void {
  let blockerId: number | null = null
  return (isWanted) => {
    if (isWanted === (blockerId !== null)) return
    if (blockerId === null) blockerId = powerSaveBlocker.start('prevent-app-suspension')
    else {
      powerSaveBlocker.stop(blockerId)
      blockerId = null
    }
  }
}
