import type { Failure, Reply } from '../../contract/failures'
import type { SourceHandle, TransferId } from '../../contract/ids'
import { command } from '../desktop'
import { useMirror } from '../state/mirror'
import { openBrowserDialogue } from './choose-files'
import { takeWithProgress } from './intake'

/**
 * Lets a person show where the file of an upload is now. Main compares it with what was sent; another file is refused.
 * @returns the failure, or null where it goes on or the dialogue was closed
 */
export async function findFile(id: TransferId): Promise<Failure | null> {
  const chosen = await chooseOne()
  if (!chosen.ok) return chosen.failure
  const [handle] = chosen.value
  if (handle === undefined) return null
  const reply = await command('transfers:find-file', { id, handle })
  return reply.ok ? null : reply.failure
}

async function chooseOne(): Promise<Reply<SourceHandle[]>> {
  if (useMirror.getState().app.capabilities.pickFiles) return command('uploads:pick', { kind: 'file' })
  const files = await openBrowserDialogue('file')
  return files.length === 0 ? { ok: true, value: [] } : takeWithProgress(files)
}
