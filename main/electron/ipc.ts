import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { z } from 'zod'
import { commands } from '../../contract/desktop'
import type { Core } from '../core'
import { appOrigin } from './app-scheme'

const pathsSchema = z.array(z.string().min(1).max(32_768)).max(5_000)

/**
 * Only the main frame of our own window at our own address may ask (`security.md` D28). A stranger gets a rejection without
 * a word about why.
 */
function isOurs(event: IpcMainInvokeEvent, contents: WebContents): boolean {
  const frame = event.senderFrame
  if (frame === null || frame.parent !== null || event.sender !== contents) return false
  const url = URL.parse(frame.url)
  return url !== null && `${url.protocol}//${url.host}` === appOrigin
}

/** Wires the contract's commands and events to one window. Answers what unwires them. */
export function connectIpc(core: Core, contents: WebContents): () => void {
  const channels: string[] = []
  const handle = (channel: string, answer: (input: unknown) => Promise<unknown>): void => {
    channels.push(channel)
    ipcMain.handle(channel, async (event, ...args: readonly unknown[]) => {
      if (!isOurs(event, contents) || args.length > 1) throw new Error('Refused')
      return answer(args[0])
    })
  }

  for (const name of Object.keys(commands)) handle(`command:${name}`, (input) => core.dispatch(name, input))
  // The preload turns a `File` that was dropped or picked into its path: a page cannot make such a File up.
  handle('files:take', async (input) => core.takePaths(pathsSchema.parse(input)))

  const unsubscribe = core.subscribe(({ name, payload }) => {
    if (!contents.isDestroyed()) contents.send(`event:${name}`, payload)
  })
  return () => {
    unsubscribe()
    for (const channel of channels) ipcMain.removeHandler(channel)
  }
}
