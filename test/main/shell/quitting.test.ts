import { describe, expect, it } from 'vitest'
import { nativeWordKeys, type NativeWords } from '../../../contract/native-words'
import { settingsSchema } from '../../../contract/settings'
import type { Transfer } from '../../../contract/transfers'
import { createShell, type Shell } from '../../../main/shell/shell'
import { transfer } from '../../renderer/sample-transfer'
import { memoryLog } from '../../support/memory-log'

type Parts = Parameters<typeof createShell>[0]
const never = () => undefined

/** The core's part of quitting, with a queue of these states; `asked` are the words of the dialogues that it opened. */
function quitting(kinds: readonly unknown[], answer: boolean): { readonly shell: Shell; readonly asked: unknown[] } {
  const asked: unknown[] = []
  const items: Transfer[] = kinds.map((status) => transfer(status))
  const host = {
    platform: 'linux',
    showWork: never,
    showMenus: never,
    askToQuit: (words: unknown) => {
      asked.push(words)
      return Promise.resolve(answer)
    },
    watchBattery: () => false,
  }
  const shell = createShell({
    host,
    settings: { current: () => settingsSchema.parse({}), onChange: never },
    memory: {},
    transfers: { items: () => ({ items, summary: {} }), onChange: never },
    sessions: { status: () => ({ kind: 'signed-in' }), onChange: never },
    newDevices: { list: () => [], onChange: never },
    sources: {},
    onPauseChange: never,
    publish: never,
    log: memoryLog().log,
    now: () => new Date(0),
    // Safe: what quitting looks at is here, and nothing else is called.
  } as unknown as Parts)
  // Safe: made from the list of the keys itself.
  shell.speak(Object.fromEntries(nativeWordKeys.map((key) => [key, key])) as NativeWords)
  return { shell, asked }
}

const uploading = { kind: 'uploading', bytesPerSecond: null, secondsLeft: null }

describe('quitting', () => {
  it('says that work goes on next time while there is some, and is undone by whoever keeps the app running', async () => {
    for (const answer of [true, false]) {
      const { shell, asked } = quitting([uploading, { kind: 'held', until: null }, { kind: 'paused' }], answer)
      expect(await shell.mayQuit()).toBe(answer)
      expect(asked).toEqual([{ title: 'quitTitle', body: 'quitText', quit: 'quit', keep: 'quitKeep' }])
      expect(shell.unfinishedCount()).toBe(2)
    }
  })

  it('asks nothing where nothing is on its way', async () => {
    const { shell, asked } = quitting([{ kind: 'paused' }, { kind: 'cancelled' }], false)
    expect([await shell.mayQuit(), asked]).toEqual([true, []])
  })
})
