import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Checkbox } from 'react-aria-components'
import type { Backup } from '../../contract/backups'
import type { VideoId } from '../../contract/ids'
import { Choice } from '../controls/choice'
import { TextField } from '../controls/text-field'
import { FailedPart } from '../failures/failed-part'
import { useFormat } from '../format/use-format'
import { ask } from '../state/queries'

type Props = {
  readonly backup: Backup
  /** Ids with their sizes; null is all of it. */
  readonly picked: ReadonlyMap<VideoId, number> | null
  onPick(picked: ReadonlyMap<VideoId, number> | null): void
}

/** All of a backup, or some of it, found by name. */
export function EntryPicker({ backup, picked, onPick }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { videosCount: count } = backup
  const all = t('backups.wizard.all', { count, num: format.number(count), size: format.bytes(backup.contentBytes) })
  return (
    <div className="entry-picker">
      <Choice
        label={t('backups.wizard.what')}
        value={picked === null ? 'all' : 'some'}
        options={[
          { value: 'all', label: all },
          { value: 'some', label: t('backups.wizard.some') },
        ]}
        onChange={(value) => onPick(value === 'all' ? null : new Map())}
      />
      {picked !== null && <Entries backup={backup} picked={picked} onPick={onPick} />}
    </div>
  )
}

type EntriesProps = Props & { readonly picked: ReadonlyMap<VideoId, number> }

function Entries({ backup, picked, onPick }: EntriesProps): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const [query, setQuery] = useState('')
  const { data, error, refetch } = useQuery({
    queryKey: ['backups', 'entries', backup.id, query],
    queryFn: () => ask('backups:entries', { id: backup.id, query, after: 0 }),
    placeholderData: (last) => last,
  })
  const toggle = (id: VideoId, sizeBytes: number, isPicked: boolean): void => {
    const next = new Map(picked)
    if (isPicked) next.set(id, sizeBytes)
    else next.delete(id)
    onPick(next)
  }
  const pickedBytes = [...picked.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0)
  return (
    <>
      <TextField label={t('backups.wizard.search')} value={query} onChange={setQuery} />
      {error !== null && <FailedPart title={t('backups.wizard.what')} error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <>
          <ul className="entries">
            {data.entries.map(({ videoId, filename, sizeBytes }) => (
              <li key={videoId}>
                <Checkbox
                  className="entry"
                  isSelected={picked.has(videoId)}
                  onChange={(isPicked) => toggle(videoId, sizeBytes, isPicked)}
                >
                  {({ isSelected }) => (
                    <>
                      <span className="select-box-mark">{isSelected && <Check size={14} aria-hidden />}</span>
                      <bdi className="report-name">{filename}</bdi>
                      <span className="muted">{format.bytes(sizeBytes)}</span>
                    </>
                  )}
                </Checkbox>
              </li>
            ))}
          </ul>
          {data.total === 0 && <p className="muted">{t('backups.wizard.nothingFound')}</p>}
          {data.next !== null && (
            <p className="muted small">
              {t('backups.wizard.shown', { shown: format.number(data.entries.length), total: format.number(data.total) })}
            </p>
          )}
        </>
      )}
      <p>
        {t('backups.wizard.selected', {
          count: picked.size,
          num: format.number(picked.size),
          size: format.bytes(pickedBytes),
        })}
      </p>
    </>
  )
}
