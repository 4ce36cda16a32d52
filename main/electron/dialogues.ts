import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, type BrowserWindow, dialog, type OpenDialogOptions } from 'electron'
import { videoExtensions } from '../../contract/video-extensions'
import type { Host, PickKind } from '../host'

const dialogueProperties: Record<PickKind, ('openFile' | 'openDirectory' | 'multiSelections')[]> = {
  file: ['openFile'],
  files: ['openFile', 'multiSelections'],
  folder: ['openDirectory'],
}

/** The system's own dialogues, over the window. */
export function createDialogues(window: BrowserWindow): Pick<Host, 'pickPaths' | 'chooseDownloadFolder' | 'saveText'> {
  const ask = async (options: OpenDialogOptions): Promise<readonly string[]> => {
    const answer = await dialog.showOpenDialog(window, options)
    return answer.canceled ? [] : answer.filePaths
  }
  return {
    pickPaths: (kind, { folder, kindName }) => {
      const filters = [
        { name: kindName, extensions: [...videoExtensions] },
        { name: '*', extensions: ['*'] },
      ]
      return ask({
        properties: dialogueProperties[kind],
        filters: kind === 'folder' ? [] : filters,
        ...(folder === null ? {} : { defaultPath: folder }),
      })
    },
    chooseDownloadFolder: async (last) => {
      const [folder] = await ask({
        properties: ['openDirectory', 'createDirectory'],
        defaultPath: last ?? app.getPath('downloads'),
      })
      return folder ?? null
    },
    saveText: async (text, name) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: join(app.getPath('downloads'), name),
      })
      if (!canceled && filePath !== '') await writeFile(filePath, text, { mode: 0o600 })
    },
  }
}
