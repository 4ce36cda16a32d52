import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const renderer = resolve(import.meta.dirname, '../../renderer')
const sources = (pattern: string): { readonly name: string; readonly text: string }[] =>
  globSync(pattern, { cwd: renderer }).map((name) => ({ name, text: readFileSync(resolve(renderer, name), 'utf8') }))

const finding = (pattern: RegExp, files: ReturnType<typeof sources>): string[] =>
  files.flatMap(({ name, text }) => (text.match(pattern) ?? []).map((match) => `${name}: ${match.trim()}`))

describe('the renderer', () => {
  it('writes no words of its own between tags: all of them are translated', () => {
    expect(finding(/<[a-zA-Z][^<>{}]*>\s*\p{L}[\p{L} ]{2,}\s*</gu, sources('**/*.tsx'))).toEqual([])
  })

  it('names no words of its own in attributes that are read', () => {
    expect(finding(/(?:aria-label|title|placeholder|alt|label)="[^"]*\p{L}[^"]*"/gu, sources('**/*.tsx'))).toEqual([])
  })

  it('styles by logical sides only, so that Arabic mirrors it', () => {
    const physical =
      /^\s*(?:left|right|top|bottom|(?:margin|padding|border)-(?:left|right|top|bottom)|width|height|(?:min|max)-(?:width|height)|text-align:\s*(?:left|right))\s*:/gmu
    expect(finding(physical, sources('styles/*.css'))).toEqual([])
  })

  it('never puts markup together by hand', () => {
    expect(finding(/dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML/g, sources('**/*.{ts,tsx}'))).toEqual([])
  })

  it('touches the host in one file', () => {
    expect(
      finding(
        /window\.desktop/g,
        sources('**/*.{ts,tsx}').filter(({ name }) => name !== 'desktop.ts'),
      ),
    ).toEqual([])
  })

  it('takes only types from modules with schemas: main checks what crosses, and the page starts 20 kB lighter', () => {
    const contract = resolve(renderer, '../contract')
    const withSchemas = globSync('*.ts', { cwd: contract })
      .filter((name) => readFileSync(resolve(contract, name), 'utf8').includes("from 'zod'"))
      .map((name) => name.replace('.ts', ''))
    const taken = sources('**/*.{ts,tsx}').flatMap(({ name, text }) =>
      [...text.matchAll(/import \{([^}]+)\} from '[./]+contract\/([\w-]+)'/g)]
        .filter(([, names, module]) => withSchemas.includes(module ?? '') && !names?.split(',').every(isType))
        .map(([line]) => `${name}: ${line}`),
    )
    expect(taken).toEqual([])
  })
})

const isType = (name: string): boolean => name.trim() === '' || name.trim().startsWith('type ')
