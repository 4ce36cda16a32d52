import { describe, expect, it } from 'vitest'
import { readNumber } from '../../renderer/controls/read-number'

describe('a number that somebody types', () => {
  it('is read in the digits of all our languages', () => {
    expect(['12', ' 1,234.5 ', '١٬٢٣٤٫٥', '۱۲', '๑๒.๕', '0'].map(readNumber)).toEqual([12, 1234.5, 1234.5, 12, 12.5, 0])
  })

  it('is none where it makes no sense', () => {
    expect(['', '-1', '1e9', '1.2.3', 'many', '.', '0x10', '9'.repeat(16)].map(readNumber)).toEqual(Array(8).fill(null))
  })
})
