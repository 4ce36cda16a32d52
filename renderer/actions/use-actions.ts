import {
  BookOpen,
  Download,
  FolderPlus,
  Keyboard,
  KeyRound,
  Languages,
  LifeBuoy,
  ListX,
  LogOut,
  type LucideIcon,
  Moon,
  Pause,
  Play,
  Plus,
  RefreshCw,
  RotateCw,
} from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { TransferId } from '../../contract/ids'
import { type PauseLength, pauseEnds } from '../../contract/queue-pause'
import type { SettingsPatch } from '../../contract/settings'
import type { Transfer } from '../../contract/transfers'
import { command } from '../desktop'
import { askToDownload } from '../downloads/download-request'
import { useReport } from '../failures/use-report'
import { useFormat } from '../format/use-format'
import { commandKey } from '../frame/command-key'
import { useSections } from '../frame/use-sections'
import { changeLanguage, languageNames } from '../sessions/language-switch'
import { signOutHere } from '../sessions/sign-out-here'
import { useMirror } from '../state/mirror'
import { useView } from '../state/view'
import { chooseFiles } from '../uploads/choose-files'
import { canTryAgain, type RowCommand, runOnRows } from '../uploads/transfer-actions'
import { groupOf } from '../uploads/transfer-groups'
import { useQueuePause } from '../uploads/use-queue-pause'

/** Something that a person can have done, from wherever they are: by a menu of the system, or by the list of actions. */
export type PageAction = {
  /** As menus name it (`contract/shell.ts`), or one that no menu has. */
  readonly id: string
  readonly label: string
  readonly icon: LucideIcon
  readonly keys?: readonly string[]
  run(): void
}

const goTo = (path: string): void => void (window.location.hash = path)

/** Everything that can be done now; what has nothing to act on is left out. */
export function useActions(): readonly PageAction[] {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const sections = useSections()
  const pause = useQueuePause()
  const { openOverlay } = useView((view) => view.actions)
  const hasPassword = useMirror(({ session }) => session.kind === 'signed-in' && session.user.hasPassword)
  const rows = Object.values(useMirror((mirror) => mirror.transfersById))

  const change = (patch: SettingsPatch) => (): void =>
    void command('settings:change', patch).then((reply) => report(reply.ok ? null : reply.failure))
  const onRows = (
    action: RowCommand,
    fits: (row: Transfer) => boolean,
    shown: Omit<PageAction, 'run'>,
  ): readonly PageAction[] => {
    const ids: TransferId[] = rows.filter(fits).map(({ id }) => id)
    return ids.length === 0 ? [] : [{ ...shown, run: () => void runOnRows(action, ids).then(report) }]
  }
  const pauseFor = (length: PauseLength, label: string): PageAction => ({
    id: `pause-${length}`,
    label: [t('uploads.pauseAll'), label].join(t('common.separator')),
    icon: Pause,
    run: () => change({ pause: { until: pauseEnds(new Date())[length]?.toISOString() ?? null } })(),
  })

  return [
    {
      id: 'add-videos',
      label: t('uploads.addVideos'),
      icon: Plus,
      keys: [commandKey, 'O'],
      run: () => void chooseFiles('files'),
    },
    { id: 'add-folder', label: t('uploads.chooseFolder'), icon: FolderPlus, run: () => void chooseFiles('folder') },
    ...sections.map(({ name, path, icon }, index) => ({
      id: name,
      label: t(`frame.${name}`),
      icon,
      keys: [commandKey, String(index + 1)],
      run: () => goTo(path),
    })),
    ...(pause === null
      ? [
          pauseFor('halfHour', t('uploads.pauseFor.time', { time: format.duration(30 * 60) })),
          pauseFor('hour', t('uploads.pauseFor.time', { time: format.duration(60 * 60) })),
          pauseFor('tomorrow', t('uploads.pauseFor.tomorrow')),
          pauseFor('open', t('uploads.pauseFor.open')),
        ]
      : [{ id: 'resume-queue', label: t('uploads.resumeNow'), icon: Play, run: change({ pause: null }) }]),
    ...onRows('resume', ({ status }) => status.kind === 'paused', {
      id: 'resume-all',
      label: t('uploads.resumeAll'),
      icon: Play,
    }),
    ...onRows('tryAgain', canTryAgain, {
      id: 'retry-failed',
      label: t('shell.words.retryFailed'),
      icon: RotateCw,
      keys: [commandKey, 'R'],
    }),
    ...onRows('remove', (row) => groupOf(row) === 'finished', {
      id: 'clear-finished',
      label: t('uploads.clearFinished'),
      icon: ListX,
    }),
    {
      id: 'refresh-quota',
      label: [t('frame.quota'), t('quota.refresh')].join(t('common.separator')),
      icon: RefreshCw,
      run: () => void command('quota:refresh', undefined).then((reply) => report(reply.ok ? null : reply.failure)),
    },
    {
      id: 'download-all',
      label: t('downloads.downloadAll'),
      icon: Download,
      run: () => {
        goTo('/library')
        askToDownload({ kind: 'all' })
      },
    },
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      id: `theme-${theme}`,
      label: [
        t('settings.theme'),
        t(theme === 'system' ? 'settings.themeSystem' : theme === 'light' ? 'settings.themeLight' : 'settings.themeDark'),
      ].join(t('common.separator')),
      icon: Moon,
      run: change({ theme }),
    })),
    ...(['en', 'ar', 'th'] as const).map((language) => ({
      id: `language-${language}`,
      label: [t('settings.language'), languageNames[language]].join(t('common.separator')),
      icon: Languages,
      run: () => void changeLanguage(language),
    })),
    ...(hasPassword
      ? [
          {
            id: 'change-password',
            label: t('sessions.changePassword'),
            icon: KeyRound,
            run: () => {
              goTo('/settings')
              openOverlay('password')
            },
          },
        ]
      : []),
    {
      id: 'new-token',
      label: [t('tokens.title'), t('tokens.create')].join(t('common.separator')),
      icon: KeyRound,
      run: () => {
        goTo('/settings')
        openOverlay('new-token')
      },
    },
    { id: 'show-palette', label: t('shell.palette.title'), icon: Keyboard, run: () => openOverlay('palette') },
    { id: 'show-shortcuts', label: t('frame.shortcuts'), icon: Keyboard, keys: ['?'], run: () => openOverlay('shortcuts') },
    { id: 'show-guide', label: t('guide.title'), icon: BookOpen, run: () => openOverlay('guide') },
    { id: 'show-support', label: t('support.title'), icon: LifeBuoy, run: () => openOverlay('support') },
    { id: 'sign-out', label: t('sessions.signOut'), icon: LogOut, run: () => void signOutHere() },
  ]
}
