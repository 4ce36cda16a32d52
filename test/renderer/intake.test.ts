import { afterEach, describe, expect, it, vi } from 'vitest'
import { useMirror } from '../../renderer/state/mirror'
import { addFiles, onIntakeNews, useIntake } from '../../renderer/uploads/intake'

/** A host whose dialogue and disk answer what the test says. */
function pretendHost(takeFiles: () => Promise<unknown>): void {
  vi.stubGlobal('window', { desktop: { commands: {}, takeFiles } })
}

describe('the way of files into the queue', () => {
  const before = useMirror.getState()
  afterEach(() => {
    vi.unstubAllGlobals()
    useMirror.setState(before)
  })

  it('shows what is empty on the sheet and copies none of it', async () => {
    const takeFiles = vi.fn<() => Promise<unknown>>()
    pretendHost(takeFiles)
    const intake = addFiles([new File([], 'empty.mp4')])
    await vi.waitUntil(() => useIntake.getState().sheet !== null)
    const { sheet } = useIntake.getState()
    expect(sheet?.untaken.map(({ name }) => name)).toEqual(['empty.mp4'])
    sheet?.decide([])
    await intake
    expect([useIntake.getState().sheet, takeFiles.mock.calls]).toEqual([null, []])
  })

  it('leaves the sizes to a host that reads files where they are', async () => {
    const takeFiles = vi.fn(() => Promise.resolve({ ok: false, failure: { code: 'local-disk-full' } }))
    pretendHost(takeFiles)
    useMirror.setState({
      app: { ...before.app, capabilities: { ...before.app.capabilities, pickFiles: true } },
    })
    await addFiles([new File([], 'empty.mp4')])
    expect(takeFiles).toHaveBeenCalledOnce()
  })

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
