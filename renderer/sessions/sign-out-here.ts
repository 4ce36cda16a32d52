import { command } from '../desktop'
import { commitAllDeletions } from '../videos/deletions'

/** Signs this device out. What was said to be deleted is, also where the ten seconds to undo it are not over. */
export async function signOutHere(): Promise<void> {
  commitAllDeletions()
  await command('sessions:sign-out', undefined)
}
