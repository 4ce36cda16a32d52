import { describe, expect, it } from 'vitest'
import { nativeWordKeys, type NativeWords } from '../../../contract/native-words'
import { findHostileSwitch } from '../../../main/shell/hostile-switches'
import { menuBar, type MenuItem, trayMenu } from '../../../main/shell/menus'
import { asksForNothing, readLink, readOpenRequest } from '../../../main/shell/open-requests'
import { autostartEntry } from '../../../main/shell/start-at-login'

describe('one more start of the app', () => {
  it('hands over the videos that it was given, from the folder it was started in', () => {
    const args = ['--no-sandbox', '.', 'holiday.MP4', '/films/a b.mkv', 'letter.pdf', '--data-dir', 'x']
    expect(readOpenRequest(args, '/home/nok')).toEqual({ paths: ['/home/nok/holiday.MP4', '/films/a b.mkv'], target: null })
    expect(asksForNothing(readOpenRequest(['--hidden', '.'], '/'))).toBe(true)
  })

  it('goes to a section by a link, and by nothing else that a link may hold', () => {
    expect(readLink('reelport://devices')).toEqual({ kind: 'section', section: 'devices' })
    const refused = [
      'reelport://devices/end',
      'reelport://devices?end=all',
      'reelport://devices#x',
      'reelport://user@devices',
      'reelport://devices:80',
      'reelport://admin',
      'reelport:devices',
      'reelport:///etc/passwd.mp4',
      'https://devices',
      `reelport://${'a'.repeat(300)}`,
    ]
    expect(refused.map(readLink)).toEqual(refused.map(() => null))
    expect(readOpenRequest(['reelport:///etc/passwd.mp4'], '/').paths).toEqual([])
  })
})

describe('an installed app', () => {
  it('does not start with a switch that opens a door into it, however it is written', () => {
    const args = [
      '--inspect',
      '--inspect=0',
      '-inspect',
      '/Inspect',
      '--remote-debugging-port=9222',
      '--js-flags=x',
      '--LOAD-EXTENSION=x',
    ]
    expect(args.map((arg) => findHostileSwitch([arg], {}))).not.toContain(null)
    expect(findHostileSwitch([], { NODE_OPTIONS: '--require=/tmp/x.js' })).toBe('NODE_OPTIONS')
    expect(findHostileSwitch([], { ELECTRON_RUN_AS_NODE: '1' })).toBe('ELECTRON_RUN_AS_NODE')
    expect(
      findHostileSwitch(['--hidden', '--data-dir', '/x', 'inspect.mp4', '/home/inspect.mp4'], { NODE_OPTIONS: '' }),
    ).toBeNull()
  })

  it('is started at sign-in by an entry whose quoting cannot be broken out of', () => {
    const entry = autostartEntry(['/opt/Reel "port"/reelport', '--data-dir', '/home/n$k/100%\\'])
    expect(entry).toContain('Exec="/opt/Reel \\\\"port\\\\"/reelport" "--data-dir" "/home/n\\\\$k/100%%\\\\\\\\"')
  })
})

// Safe: made from the list of the keys itself.
const words = Object.fromEntries(nativeWordKeys.map((key) => [key, key])) as NativeWords
const labels = (items: readonly MenuItem[]): string[] =>
  items.flatMap((item) =>
    item.kind === 'separator' ? [] : item.kind === 'submenu' ? [item.label, ...labels(item.items)] : [item.label],
  )

describe('the menus', () => {
  it('use the words of the page alone, whichever system it is', () => {
    const known = new Set<string>([...nativeWordKeys, 'Reelport'])
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      for (const isPaused of [true, false]) {
        expect(labels(menuBar(words, { platform, isPaused })).filter((label) => !known.has(label))).toEqual([])
      }
    }
  })

  it('have an app menu, and quit in it, on macOS alone', () => {
    const tops = (platform: NodeJS.Platform): (string | undefined)[] =>
      menuBar(words, { platform, isPaused: false }).map((item) => ('label' in item ? item.label : undefined))
    expect(tops('darwin')[0]).toBe('Reelport')
    expect(tops('win32')[0]).toBe('file')
  })

  it('of the tray say the state, and offer pause or resume, open and quit', () => {
    const work = { kind: 'needs-you', share: 0.5, problemCount: 1, heldFor: null } as const
    expect(labels(trayMenu(words, { work, isPaused: true, platform: 'linux' }).tray)).toEqual([
      'stateNeedsYou',
      'open',
      'resume',
      'quit',
    ])
    expect(labels(trayMenu(words, { work, isPaused: false, platform: 'darwin' }).dock)).toEqual([
      'stateNeedsYou',
      'pauseAll',
      'pauseHalfHour',
      'pauseHour',
      'pauseTomorrow',
      'pauseOpen',
    ])
  })
})
