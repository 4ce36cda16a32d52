import { extname, resolve } from 'node:path'
import { videoExtensions } from '../../contract/video-extensions'
import { type NoticeTarget, sectionSchema } from '../../contract/shell'

export const linkScheme = 'reelport'

/** What a start of the app asks for, be it the first or one more: videos to add, and where to go. */
export type OpenRequest = { readonly paths: readonly string[]; readonly target: NoticeTarget | null }

/** Nobody drops more on an icon by hand, and a command line ends somewhere. */
const mostPaths = 5_000
const longestLink = 200

/**
 * A link of ours, which any page and any mail may hold: it can only show a section. Everything else in it is ignored as a
 * whole, so a link never adds, sends, deletes or signs anything.
 */
export function readLink(link: string): NoticeTarget | null {
  if (link.length > longestLink) return null
  const url = URL.parse(link)
  if (url === null || url.protocol !== `${linkScheme}:`) return null
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.port !== '') return null
  if (url.pathname !== '' && url.pathname !== '/') return null
  const section = sectionSchema.safeParse(url.host)
  return section.success ? { kind: 'section', section: section.data } : null
}

/**
 * Reads what a start was given. Only what ends like a video is a file for us: a system passes switches of its own, and the
 * rest is looked at by the media probe like any other file.
 * @param args without the program's own name
 * @param folder where relative paths begin: that of whoever started it
 */
export function readOpenRequest(args: readonly string[], folder: string): OpenRequest {
  const links = args.filter((arg) => arg.toLowerCase().startsWith(`${linkScheme}:`))
  const isVideo = (arg: string): boolean =>
    !arg.startsWith('-') && !arg.includes('\0') && videoExtensions.includes(extname(arg).slice(1).toLowerCase())
  const paths = args.filter((arg) => !links.includes(arg) && isVideo(arg)).slice(0, mostPaths)
  const target = links.map(readLink).find((found) => found !== null) ?? null
  return { paths: paths.map((path) => resolve(folder, path)), target }
}

/** A plain start, which wants no more than the window. */
export const asksForNothing = ({ paths, target }: OpenRequest): boolean => paths.length === 0 && target === null
