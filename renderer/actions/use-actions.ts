import { FolderPlus, Keyboard, type LucideIcon, Plus, RotateCw } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useReport } from '../failures/use-report'
import { useSections } from '../frame/use-sections'
import { useMirror } from '../state/mirror'
import { useView } from '../state/view'
import { chooseFiles } from '../uploads/choose-files'
import { canTryAgain, runOnRows } from '../uploads/transfer-actions'

/** Something that a person can have done, from wherever they are: by a menu, by the list of actions. */
export type PageAction = {
  /** As menus name it (`contract/shell.ts`), or one that no menu has. */
  readonly id: string
  readonly label: string
  readonly icon: LucideIcon
  run(): void
}

/** Everything that can be done now. */
export function useActions(): readonly PageAction[] {
  const { t } = useTranslation()
  const report = useReport()
  const sections = useSections()
  const { openShortcuts } = useView((view) => view.actions)
  return useMemo(() => {
    const retryFailed = async (): Promise<void> => {
      const failed = Object.values(useMirror.getState().transfersById).filter(canTryAgain)
      report(
        await runOnRows(
          'tryAgain',
          failed.map(({ id }) => id),
        ),
      )
    }
    return [
      ...sections.map(({ name, path, icon }) => ({
        id: name,
        label: t(`frame.${name}`),
        icon,
        run: () => void (window.location.hash = path),
      })),
      { id: 'add-videos', label: t('uploads.addVideos'), icon: Plus, run: () => void chooseFiles('files') },
      { id: 'add-folder', label: t('uploads.chooseFolder'), icon: FolderPlus, run: () => void chooseFiles('folder') },
      { id: 'retry-failed', label: t('shell.words.retryFailed'), icon: RotateCw, run: () => void retryFailed() },
      { id: 'show-shortcuts', label: t('frame.shortcuts'), icon: Keyboard, run: openShortcuts },
    ] satisfies PageAction[]
  }, [t, report, sections, openShortcuts])
}
