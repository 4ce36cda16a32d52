import { describe, expect, it } from 'vitest'
import { nameKey, safeFileName } from '../../../main/downloads/file-names'

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

describe('the name of a downloaded file', () => {
  it.each([
    ['film.mp4', 'film.mp4'],
    ['Äpfel 100%.mov', 'Äpfel 100%.mov'],
    ['ภาพยนตร์ الكبير.mp4', 'ภาพยนตร์ الكبير.mp4'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['C:\\Windows\\film.mp4', 'C__Windows_film.mp4'],
    ['..', 'video'],
    ['...', 'video'],
    ['', 'video'],
    ['   ', 'video'],
    ['/', '_'],
    ['.hidden.mp4', '_hidden.mp4'],
    ['.mp4', '_mp4'],
    ['film.mp4. . ', 'film.mp4'],
    ['a\u0000b\u001fc\u007fd\u0085e.mp4', 'a_b_c_d_e.mp4'],
    ['what? "<|>*.mp4', 'what_ _____.mp4'],
    ['half \ud83c.mp4', 'half _.mp4'],
    ['CON', '_CON'],
    ['con.mp4', '_con.mp4'],
    ['Lpt1.tar.mp4', '_Lpt1.tar.mp4'],
    ['COM¹.mp4', '_COM¹.mp4'],
    ['console.mp4', 'console.mp4'],
    ['no extension', 'no extension'],
    ['a.very long tail that is no extension', 'a.very long tail that is no extension'],
  ])('of %j is %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected)
  })

  it('keeps direction marks, which are part of what somebody wrote', () => {
    expect(safeFileName('film\u202e4pm.mp4')).toBe('film\u202e4pm.mp4')
  })

  it('leaves room for its number and for the end that says that it is on its way', () => {
    const names = ['a'.repeat(4096), `${'ภ'.repeat(400)}.mp4`, `${'👩‍👩‍👧‍👦'.repeat(40)}.mov`, `${'e\u0301'.repeat(300)}.webm`]
    for (const name of names) {
      for (const number of [1, 2, 9999]) {
        const safe = safeFileName(name, number)
        expect(bytes(`${safe}.part`)).toBeLessThanOrEqual(255)
        expect(safe.isWellFormed()).toBe(true)
        // Nothing that a reader sees as one character was cut in two.
        expect(safe).not.toMatch(/(?:\u200d|e)(?: \(\d+\))?\.(?:mov|webm)$/u)
      }
    }
  })

  it('is numbered before its extension', () => {
    expect([safeFileName('film.mp4', 2), safeFileName('no extension', 3)]).toEqual(['film (2).mp4', 'no extension (3)'])
  })

  it('counts as one with what some system takes for the same', () => {
    expect(nameKey('/Videos/É.MP4')).toBe(nameKey('/videos/e\u0301.mp4'))
    expect(nameKey('/videos/a.mp4')).not.toBe(nameKey('/videos/b.mp4'))
  })
})
