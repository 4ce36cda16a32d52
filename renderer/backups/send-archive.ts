import type { Reply } from '../../contract/failures'
import type { SourceHandle } from '../../contract/ids'
import { command } from '../desktop'
import { useMirror } from '../state/mirror'
import { openBrowserDialogue } from '../uploads/choose-files'
import { takeWithProgress } from '../uploads/intake'

/** Lets a person choose an archive and sends it. @returns false where the dialogue was closed */
export async function sendArchive(): Promise<Reply<boolean>> {
  const chosen = await chooseOne()
  if (!chosen.ok) return chosen
  const [handle] = chosen.value
  if (handle === undefined) return { ok: true, value: false }
  const reply = await command('backups:send', handle)
  return reply.ok ? { ok: true, value: true } : reply
}

async function chooseOne(): Promise<Reply<SourceHandle[]>> {
  if (useMirror.getState().app.capabilities.pickFiles) return command('uploads:pick', { kind: 'file' })
  const files = await openBrowserDialogue('file')
  return files.length === 0 ? { ok: true, value: [] } : takeWithProgress(files)
}
