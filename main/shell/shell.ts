import type { NativeWords } from '../../contract/native-words'
import { isPauseOn, pauseEnds, type QueueRest } from '../../contract/queue-pause'
import type { Notice, NoticeTarget, Opening, PowerFacts, Work, WordedNotice } from '../../contract/shell'
import type { Publish } from '../events'
import type { Log } from '../log'
import type { NewDevices } from '../sessions/new-devices'
import type { Sessions } from '../sessions/sessions'
import type { SettingsStore } from '../settings/settings-file'
import { watchQueuePause } from '../transfers/queue-pause'
import { realClock } from '../transfers/real-clock'
import type { Transfers } from '../transfers/transfers'
import type { SourceHandles } from '../uploads/source-handles'
import { type Closing, decideClosing } from './closing'
import { type MenuDeed, menuBar, stateWords, trayMenu } from './menus'
import { isWanted, queueNotices, seenRows } from './notices'
import type { OpenRequest } from './open-requests'
import { watchPower } from './power'
import type { ShellHost } from './shell-host'
import type { WindowMemoryStore } from './window-memory'
import { createWorkMeter, goesOn } from './work'

export type Shell = Disposable & {
  work(): Work
  /** The pause that the queue is under: the person's own, or the one for the battery or the line. */
  pause(): QueueRest | null
  /** What a page knows of power and line. */
  tellPower(facts: PowerFacts): void
  /** The page has told its words: menus and tray speak its language from now on. */
  speak(words: NativeWords): void
  /** What a dialogue calls the files that it shows. */
  kindName(): string
  showNotice(notice: WordedNotice): void
  /** What was opened from outside since this was last asked. */
  takeOpening(): Opening
  /** Somebody outside the window asks for something; kept until a signed-in page takes it. */
  open(request: OpenRequest): Promise<void>
  /** A menu was used. */
  act(deed: MenuDeed): void
  /** The window is being closed. The first time that the app goes on without it, that is said. */
  closing(hasWayBack: boolean): Closing
  /** How many transfers stop with the app, and go on when it is started again. */
  unfinishedCount(): number
  /** With work running, quitting says first what becomes of it; false where the person keeps the app running. */
  mayQuit(): Promise<boolean>
}

type Parts = {
  readonly host: ShellHost | null
  readonly settings: SettingsStore
  readonly memory: WindowMemoryStore
  readonly transfers: Pick<Transfers, 'items' | 'onChange'>
  readonly sessions: Pick<Sessions, 'status' | 'onChange'>
  readonly newDevices: Pick<NewDevices, 'list' | 'onChange'>
  readonly sources: Pick<SourceHandles, 'fromPaths'>
  /** The pause that the queue is under has become another one. */
  readonly onPauseChange: () => void
  readonly publish: Publish
  readonly log: Log
  readonly now: () => Date
}

/** What the app shows outside its page, and what it is asked for from there. Every decision of it is here, and no call of a system. */
export function createShell(parts: Parts): Shell {
  const { host, settings, memory, transfers, sessions, newDevices, sources, publish, now } = parts
  const meter = createWorkMeter()
  let words: NativeWords | null = null
  const clock = { now: () => now().getTime(), after: realClock.after }
  const onRestChange = (): void => {
    look()
    parts.onPauseChange()
  }
  const watchBattery = host === null ? null : host.watchBattery
  const power = watchPower({ watchBattery, clock, onChange: onRestChange })
  let opening: { handles: Opening['handles']; target: NoticeTarget | null } = { handles: [], target: null }

  const ownPause = watchQueuePause(clock, settings.current().pause, () => {
    showMenus()
    // What the person's own pause has covered until now may hold on.
    onRestChange()
  })
  const heldFor = (): Work['heldFor'] => power.reason(settings.current())
  const measure = (): Work => {
    const { items } = sessions.status().kind === 'signed-in' ? transfers.items() : { items: [] }
    return { ...meter.measure(items), heldFor: heldFor() }
  }
  let work = measure()
  const unfinishedCount = (): number => transfers.items().items.filter(goesOn).length

  const showWork = (): void => {
    if (words !== null) host?.showWork(work, stateWords(words, work.kind))
  }
  const showMenus = (): void => {
    if (host === null || words === null) return
    const { platform } = host
    const isPaused = ownPause.current() !== null
    host.showMenus({ bar: menuBar(words, { platform, isPaused }), ...trayMenu(words, { work, isPaused, platform }) })
  }
  const look = (): void => {
    const next = measure()
    if (JSON.stringify(next) === JSON.stringify(work)) return
    const isOtherKind = next.kind !== work.kind
    work = next
    publish('work:changed', work)
    showWork()
    if (isOtherKind) showMenus()
  }

  const raise = (notices: readonly Notice[]): void => {
    for (const notice of notices) if (isWanted(notice, settings.current().notices)) publish('notice:raised', notice)
  }
  let rows = seenRows(transfers.items().items)
  transfers.onChange(() => {
    const { items } = transfers.items()
    const notices = queueNotices(rows, items)
    rows = seenRows(items)
    look()
    if (sessions.status().kind === 'signed-in') raise(notices)
  })
  let knownDevices = new Set(newDevices.list().map(({ id }) => id))
  newDevices.onChange(() => {
    const devices = newDevices.list()
    const added = devices.filter(({ id }) => !knownDevices.has(id))
    knownDevices = new Set(devices.map(({ id }) => id))
    raise(added.map(({ device }) => ({ kind: 'new-device', name: device.name })))
  })
  let wasSignedIn = sessions.status().kind === 'signed-in'
  sessions.onChange(() => {
    const status = sessions.status()
    const isSignedIn = status.kind === 'signed-in'
    look()
    // Who was at the window themselves when it ended knows.
    if (wasSignedIn && status.kind === 'signed-out' && status.ended !== null) raise([{ kind: 'session-ended' }])
    wasSignedIn = isSignedIn
  })

  let isAtLogin = settings.current().startsAtLogin
  settings.onChange((next) => {
    ownPause.change(next.pause)
    look()
    if (next.startsAtLogin === isAtLogin) return
    isAtLogin = next.startsAtLogin
    host?.startAtLogin(isAtLogin)
  })

  const goTo = (target: NoticeTarget): void => {
    opening = { ...opening, target }
    host?.showWindow()
    publish('opening:arrived', undefined)
  }

  return {
    work: () => work,
    pause() {
      const own = settings.current().pause
      if (isPauseOn(own, now().getTime())) return { ...own, reason: 'person' }
      const reason = heldFor()
      return reason === null ? null : { until: null, reason }
    },
    tellPower: power.tell,
    speak(next) {
      words = next
      showWork()
      showMenus()
    },
    // A dialogue is asked for by the page, which has told its words before; no word is better than one in another language.
    kindName: () => words?.videoFiles ?? '*',
    showNotice: ({ title, body, target }) => host?.showNotice({ title, body }, () => goTo(target)),
    takeOpening() {
      const taken = opening
      opening = { handles: [], target: null }
      return taken
    },
    async open({ paths, target }) {
      const handles = paths.length === 0 ? [] : await sources.fromPaths(paths)
      opening = { handles: [...opening.handles, ...handles], target: target ?? opening.target }
      host?.showWindow()
      publish('opening:arrived', undefined)
    },
    act(deed) {
      switch (deed.kind) {
        case 'page':
          host?.showWindow()
          return publish('action:asked', deed.action)
        case 'pause':
          return void settings.change({ pause: { until: pauseEnds(now())[deed.length]?.toISOString() ?? null } })
        case 'resume':
          return void settings.change({ pause: null })
        case 'open':
          return host?.showWindow()
        case 'quit':
          return host?.quit()
        default:
          return deed satisfies never
      }
    },
    closing(hasWayBack) {
      const { staysWhenClosed } = settings.current()
      const isWorking = work.kind !== 'idle' && transfers.items().summary.unfinishedCount > 0
      const closing = decideClosing({ staysWhenClosed, hasWayBack, isWorking })
      if (closing !== 'quit' && words !== null && !memory.current().hasSaidStillRunning) {
        memory.change({ hasSaidStillRunning: true })
        host?.showNotice({ title: words.stillRunningTitle, body: words.stillRunningText }, () => host.showWindow())
      }
      return closing
    },
    unfinishedCount,
    async mayQuit() {
      if (host === null || words === null || unfinishedCount() === 0) return true
      const { quitTitle: title, quitText: body, quit, quitKeep: keep } = words
      return await host.askToQuit({ title, body, quit, keep })
    },
    [Symbol.dispose]() {
      ownPause[Symbol.dispose]()
      power[Symbol.dispose]()
    },
  }
}
