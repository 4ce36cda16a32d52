import { describe, expect, it } from 'vitest'
import { keepVideos, looksLikeVideo } from '../../renderer/uploads/choose-files'
import { splitFileName } from '../../renderer/uploads/file-name'

describe('a file name on one line', () => {
  it('keeps its end and its extension when the middle is cut', () => {
    expect(splitFileName('conference_day1_full_recording.mkv')).toEqual({
      head: 'conference_day1_full_rec',
      tail: 'ording',
      extension: 'mkv',
    })
  })

  it('is whole again when its parts are put together', () => {
    const names = ['a.mp4', '.hidden', 'no extension', 'dots.in.name.mov', 'trailing.', 'สัมภาษณ์ลูกค้า_รอบที่2.mp4', '👩‍👩‍👧‍👦.mp4', '']
    const joined = names.map((name) => {
      const { head, tail, extension } = splitFileName(name)
      return `${head}${tail}${extension === '' ? '' : `.${extension}`}`
    })
    expect(joined).toEqual(names)
  })
})

describe('a chosen folder', () => {
  it('gives its videos, counts what is left out, and does not mention hidden files', () => {
    const files = ['a.mp4', 'B.MOV', 'notes.txt', '.DS_Store', '.hidden.mp4'].map((name) => new File([], name))
    const { videos, skippedCount } = keepVideos(files)
    expect([videos.map((file) => file.name), skippedCount]).toEqual([['a.mp4', 'B.MOV'], 1])
  })

  it('knows videos by the whole of their extension', () => {
    expect(['x.mkv', 'x.mkv.txt', 'mp4', 'x.M2TS'].map(looksLikeVideo)).toEqual([true, false, true, true])
  })
})
