import { Download } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { Video } from '../../contract/videos'
import { Button } from '../controls/button'
import { askToDownload } from '../downloads/download-request'
import { useFormat } from '../format/use-format'

type Props = { readonly selected: readonly Video[]; onClear(): void }

/** How many videos are chosen, and what can be done with all of them. */
export function SelectionBar({ selected, onClear }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { length: count } = selected
  return (
    <div className="selection-bar">
      <p>{t('downloads.selected', { count, num: format.number(count) })}</p>
      <Button variant="quiet" onPress={onClear}>
        {t('downloads.clearSelection')}
      </Button>
      <Button variant="primary" icon={Download} onPress={() => askToDownload({ kind: 'videos', videos: selected })}>
        {t('downloads.downloadSelected')}
      </Button>
    </div>
  )
}
