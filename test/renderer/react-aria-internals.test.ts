import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8')
const require = createRequire(import.meta.url)

describe('what we rely on inside React Aria', () => {
  it('is the id that keeps its <style> out, which the policy would refuse', () => {
    const source = readFileSync(
      require.resolve('react-aria/useButton').replace(/dist.*$/, 'dist/private/interactions/usePress.mjs'),
      'utf8',
    )
    expect(source).toContain("'react-aria-pressable-style'")
    expect(source).toContain('data-react-aria-pressable')
    expect(read('renderer/index.html')).toContain('id="react-aria-pressable-style"')
    expect(read('renderer/styles/base.css')).toContain('[data-react-aria-pressable]')
  })

  it('is the pair of global names by which it takes Thai strings', () => {
    const source = read('node_modules/@internationalized/string/dist/private/LocalizedStringDictionary.mjs')
    expect(source).toContain("Symbol.for('react-aria.i18n.strings')")
    expect(source).toContain("Symbol.for('react-aria.i18n.locale')")
  })
})
