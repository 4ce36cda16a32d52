/** Every system that we know takes names of this length, counted in UTF-8. */
const longestBytes = 255
/** What follows the name while the file is on its way. */
export const partSuffix = '.part'
const longestExtensionBytes = 16

/** Separators and what Windows reserves; control characters, C1 among them; halves of characters. */
const forbidden = /[/\\<>:"|?*\p{Cc}\ufffd]/gu
/** Names of devices, whatever extension follows (learn.microsoft.com, "Naming Files, Paths, and Namespaces"). */
const device = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i

/**
 * A name under which a video can be kept on every system, near to its own: files travel to other computers. Direction marks stay,
 * for they are part of what somebody wrote; whoever shows a name isolates it.
 * @param name of the video: data from anybody, never a path
 * @param number from 2 on for those that share a name: `film (2).mp4`
 */
export function safeFileName(name: string, number = 1): string {
  const cleaned = name
    .toWellFormed()
    .replace(forbidden, '_')
    .replace(/[. ]+$/, '')
    .trimStart()
    // A leading dot hides a file, and two of them are a folder.
    .replace(/^\.+/, '_')
  const { stem, extension } = splitName(cleaned)
  const [head = ''] = stem.split('.')
  const harmless = device.test(head.trim()) ? `_${stem}` : stem
  const suffix = `${number === 1 ? '' : ` (${number})`}${extension}`
  const roomBytes = longestBytes - byteLength(partSuffix) - byteLength(suffix)
  const short = cut(harmless, roomBytes)
  return `${short === '' ? 'video' : short}${suffix}`
}

/** The same for two names that some system takes for one: without regard to case and to how accents are written. */
export function nameKey(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const at = name.lastIndexOf('.')
  const extension = at > 0 ? name.slice(at) : ''
  if (extension.length < 2 || byteLength(extension) > longestExtensionBytes) return { stem: name, extension: '' }
  return { stem: name.slice(0, at), extension }
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

/** As much of a text as fits, never a part of what a reader sees as one character. */
function cut(text: string, roomBytes: number): string {
  if (byteLength(text) <= roomBytes) return text
  let kept = ''
  let keptBytes = 0
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    keptBytes += byteLength(segment)
    if (keptBytes > roomBytes) break
    kept += segment
  }
  // Windows drops spaces and dots at the end of a name, so that two names would become one.
  return kept.replace(/[. ]+$/, '')
}
