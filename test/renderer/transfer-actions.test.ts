import { describe, expect, it } from 'vitest'
import { useMirror } from '../../renderer/state/mirror'
import { actionsFor, canPause, canTryAgain, needsCancelConfirmation } from '../../renderer/uploads/transfer-actions'
import { transfer } from './sample-transfer'

const none = useMirror.getState().app.capabilities
const all = { ...none, pickFiles: true, revealInFolder: true }

describe('the actions of a row', () => {
  it('leave out what the host cannot do', () => {
    const done = transfer({ kind: 'done', videoId: 'video-0001', finishedAt: '2026-11-21T11:48:00.000Z' })
    expect([actionsFor(done, all), actionsFor(done, none)]).toEqual([
      ['showInLibrary', 'reveal', 'details', 'remove'],
      ['showInLibrary', 'details', 'remove'],
    ])
  })

  it('lead from an archive to its restore, never to a library that it is no part of', () => {
    const done = { kind: 'done', videoId: 'backup-0001', finishedAt: '2026-11-21T11:48:00.000Z' }
    const [sent, fetched] = (['upload', 'download'] as const).map((kind) => transfer(done, { kind, content: 'archive' }))
    expect([sent && actionsFor(sent, none), fetched && actionsFor(fetched, all)]).toEqual([
      ['restoreFrom', 'details', 'remove'],
      ['reveal', 'details', 'remove'],
    ])
  })

  it('offer the remedy that fits the failure', () => {
    const needing = (failure: unknown): string | undefined => actionsFor(transfer({ kind: 'needs-you', failure }), all)[0]
    const quota = { code: 'quota-videos-reached', limit: 1, used: 1, reserved: 0 }
    const plainCodes = ['file-missing', 'file-changed', 'upload-gone', 'not-a-video'].map((code) => needing({ code }))
    expect([...plainCodes, needing(quota)]).toEqual(['findFile', 'startOver', 'startOver', 'details', 'tryAgain'])
  })

  it('offer to upload a cancelled file again only where the host still has it', () => {
    const cancelled = transfer({ kind: 'cancelled' })
    expect([actionsFor(cancelled, all), actionsFor(cancelled, none)]).toEqual([
      ['uploadAgain', 'details', 'remove'],
      ['details', 'remove'],
    ])
  })

  it('pause all that would otherwise begin to send', () => {
    const kinds = ['checking', 'waiting-for-network'].map((kind) => canPause(transfer({ kind })))
    expect([...kinds, canPause(transfer({ kind: 'paused' })), canPause(transfer({ kind: 'verifying' }))]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('let "upload next" be asked only of a row that has others before it', () => {
    const waiting = (before: number): readonly string[] => actionsFor(transfer({ kind: 'waiting', before }), all)
    expect([waiting(0).includes('uploadNext'), waiting(1).includes('uploadNext')]).toEqual([false, true])
  })

  it('try all failed again, but not what the same file would fail on', () => {
    const rows = ['server-busy', 'unexpected', 'not-a-video', 'file-changed'].map((code) =>
      transfer({ kind: 'failed', failure: code === 'unexpected' ? { code, reference: 'r' } : { code } }),
    )
    expect(rows.map(canTryAgain)).toEqual([true, true, false, false])
  })

  it('ask before more than a twentieth of the file is thrown away', () => {
    const sent = (sentBytes: number): boolean =>
      needsCancelConfirmation(transfer({ kind: 'paused' }, { sizeBytes: 1000, sentBytes }))
    expect([sent(0), sent(50), sent(51)]).toEqual([false, false, true])
  })
})
