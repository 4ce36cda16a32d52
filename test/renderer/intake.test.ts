import { afterEach, describe, expect, it, vi } from 'vitest'
import { addFiles, onIntakeNews } from '../../renderer/uploads/intake'

/** A host whose dialogue and disk answer what the test says. */
function pretendHost(takeFiles: () => Promise<unknown>): void {
  vi.stubGlobal('window', { desktop: { commands: {}, takeFiles } })
}

describe('the way of files into the queue', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is open for the next ones after a bug met the first', async () => {
    pretendHost(() => Promise.resolve({ ok: false, failure: { code: 'local-disk-full' } }))
    const file = new File(['x'], 'a.mp4')
    const stopBug = onIntakeNews(() => {
      throw new Error('a bug in whoever listens')
    })
    await expect(addFiles([file])).rejects.toThrow('a bug in whoever listens')
    stopBug()
    const news: string[] = []
    const stop = onIntakeNews(({ kind }) => news.push(kind))
    await addFiles([file])
    stop()
    expect(news).toEqual(['failed'])
  })
})
