import { Download, LayoutGrid, List } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { Settings } from '../../contract/settings'
import type { VideoSort } from '../../contract/videos'
import { Button as WordButton } from '../controls/button'
import { SearchBox } from '../controls/search-box'
import { Select } from '../controls/select'
import { command } from '../desktop'
import { askToDownload } from '../downloads/download-request'
import { useReport } from '../failures/use-report'
import { useMirror } from '../state/mirror'

const sorts = ['newest', 'oldest', 'name', 'longest', 'largest'] as const satisfies readonly VideoSort[]

type Props = {
  readonly text: string
  onText(text: string): void
  readonly sort: VideoSort
  onSort(sort: VideoSort): void
  /** There is nothing to download. */
  readonly isEmpty: boolean
}

/** Search, order and view of the library, and all of it at once. The view is remembered. */
export function LibraryControls({ text, onText, sort, onSort, isEmpty }: Props): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="library-controls">
      <SearchBox label={t('videos.search')} text={text} onText={onText} />
      <Select
        label={t('videos.sort')}
        hidesLabel
        value={sort}
        onChange={onSort}
        options={sorts.map((value) => ({ value, label: t(`videos.sortBy.${value}`) }))}
      />
      <ViewSwitch />
      {!isEmpty && (
        <WordButton icon={Download} onPress={() => askToDownload({ kind: 'all' })}>
          {t('downloads.downloadAll')}
        </WordButton>
      )}
    </div>
  )
}

const views = [
  { name: 'grid', icon: LayoutGrid },
  { name: 'table', icon: List },
] as const satisfies readonly { readonly name: Settings['libraryView']; readonly icon: typeof List }[]

function ViewSwitch(): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const view = useMirror((mirror) => mirror.settings.libraryView)
  const change = async (libraryView: Settings['libraryView']): Promise<void> => {
    const reply = await command('settings:change', { libraryView })
    if (!reply.ok) report(reply.failure)
  }
  return (
    <ToggleButtonGroup
      aria-label={t('videos.view')}
      className="choice view-switch"
      disallowEmptySelection
      selectedKeys={[view]}
      onSelectionChange={(keys) => {
        const picked = views.find(({ name }) => keys.has(name))
        if (picked) void change(picked.name)
      }}
    >
      {views.map(({ name, icon: Icon }) => (
        <ToggleButton key={name} id={name} className="choice-option" aria-label={t(`videos.${name}`)}>
          <Icon size={18} aria-hidden />
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
