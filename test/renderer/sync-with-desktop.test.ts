import { afterEach, describe, expect, it, vi } from 'vitest'
import { useMirror } from '../../renderer/state/mirror'
import { syncWithDesktop } from '../../renderer/state/sync-with-desktop'

describe('what the page knows of its host', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('comes with the first connection where it could not be had before', async () => {
    const { app, backend, session, quota, transferSummary: summary, settings } = useMirror.getState()
    const known = { ...app, version: '1.2.3' }
    const snapshot = { app: known, backend, session, quota, transfers: { items: [], summary }, settings }
    const unreachable = { ok: false, failure: { code: 'backend-unreachable' } }
    const replies: unknown[] = [unreachable, { ok: true, value: snapshot }]
    let tell: (isConnected: boolean) => void = () => undefined
    vi.stubGlobal('window', {
      desktop: {
        commands: { 'app:snapshot': () => Promise.resolve(replies.shift()) },
        on: () => () => undefined,
        onConnection: (listener: typeof tell) => {
          tell = listener
          return () => undefined
        },
        onRefused: () => () => undefined,
      },
    })
    const nothing = (): void => undefined
    const stale = { onVideosChanged: nothing, onDevicesChanged: nothing, onBackupsChanged: nothing }
    expect(await syncWithDesktop(stale)).toEqual({ code: 'backend-unreachable' })
    tell(true)
    await vi.waitFor(() => expect(useMirror.getState().app.version).toBe('1.2.3'))
  })
})
