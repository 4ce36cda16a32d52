import { videoExtensions } from '../../contract/video-extensions'
import { useMirror } from '../state/mirror'
import { addFiles, pickWithHost } from './intake'

/** A video by its name, and not one of the system's hidden files. Asked in folders; a file chosen by itself is looked at. */
export function looksLikeVideo(name: string): boolean {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  return !name.startsWith('.') && videoExtensions.includes(extension)
}

/** Keeps the videos of a folder and counts what is left out; hidden files are not worth a word. */
export function keepVideos(files: readonly File[]): { readonly videos: File[]; readonly skippedCount: number } {
  const videos = files.filter((file) => looksLikeVideo(file.name))
  const hidden = files.filter((file) => file.name.startsWith('.'))
  return { videos, skippedCount: files.length - videos.length - hidden.length }
}

/** Opens the dialogue of the host, or the browser's where the host has none. */
export async function chooseFiles(kind: 'files' | 'folder'): Promise<void> {
  if (useMirror.getState().app.capabilities.pickFiles) return pickWithHost(kind)
  const files = await openBrowserDialogue(kind)
  if (files.length === 0) return
  if (kind === 'files') return addFiles(files)
  const { videos, skippedCount } = keepVideos(files)
  return addFiles(videos, skippedCount)
}

/** In the document while it is open: a detached input may be collected before it answers. */
export function openBrowserDialogue(kind: 'file' | 'files' | 'folder'): Promise<File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = kind !== 'file'
  input.webkitdirectory = kind === 'folder'
  input.hidden = true
  input.dataset['testid'] = `choose-${kind}`
  document.body.append(input)
  return new Promise((resolve) => {
    const finish = (): void => {
      resolve([...(input.files ?? [])])
      input.remove()
    }
    input.addEventListener('change', finish)
    input.addEventListener('cancel', finish)
    input.click()
  })
}
