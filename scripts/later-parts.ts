import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

const emptyList = '<meta name="later-parts" content="" />'

/** Scripts that the page or the host's own script loads at once. */
function startOf(bundle: Rolldown.OutputBundle): ReadonlySet<string> {
  const start = new Set<string>()
  const visit = (name: string): void => {
    const file = bundle[name]
    if (start.has(name) || file?.type !== 'chunk') return
    start.add(name)
    for (const next of file.imports) visit(next)
  }
  for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.isEntry) visit(file.fileName)
  return start
}

/** Texts of a language: loaded before anything is drawn, and one of the three alone. */
const isText = ({ moduleIds }: Rolldown.OutputChunk): boolean =>
  moduleIds.some((id) => /renderer\/locales\/(en|ar|th)\/|\/i18n\//.test(id.replaceAll('\\', '/')))

/**
 * Writes into the built page which scripts it may load later, each with its digest (`renderer/frame/later-parts.ts`): the page
 * comes from our own host, and what comes after it is taken from nobody who cannot show the same bytes.
 */
export function laterParts(): Plugin {
  return {
    name: 'later-parts',
    writeBundle({ dir = '' }, bundle) {
      const start = startOf(bundle)
      const later = Object.values(bundle).filter(
        (file) => file.type === 'chunk' && !start.has(file.fileName) && !isText(file),
      )
      const parts = later.map(({ fileName }) => {
        const digest = createHash('sha384')
          .update(readFileSync(join(dir, fileName)))
          .digest('base64')
        return `/${fileName} sha384-${digest}`
      })
      const path = join(dir, 'index.html')
      const html = readFileSync(path, 'utf8')
      if (!html.includes(emptyList)) throw new Error('index.html has no place for the list of later parts')
      writeFileSync(path, html.replace(emptyList, emptyList.replace('""', `"${parts.toSorted().join(' ')}"`)))
    },
  }
}
