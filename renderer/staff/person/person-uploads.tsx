import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { StaffUpload } from '../../../contract/staff'
import type { UploadState } from '../../../contract/uploads'
import { Button } from '../../controls/button'
import { Select } from '../../controls/select'
import { FailedPart } from '../../failures/failed-part'
import { useFormat } from '../../format/use-format'
import { ask } from '../../state/queries'
import { FileName } from '../../uploads/file-name'

const any = 'any'
const states = ['receiving', 'verifying', 'held', 'accepted', 'rejected'] as const satisfies readonly UploadState[]
type Filter = UploadState | typeof any

/** What a person sent, with what became of it: states, codes and numbers, the held files among it. */
export function PersonUploads({ username }: { readonly username: string }): React.JSX.Element {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<Filter>(any)
  const state = filter === any ? null : filter
  const result = useInfiniteQuery({
    queryKey: ['staff', 'uploads', username, filter],
    queryFn: ({ pageParam }) => ask('staff:uploads', { username, state, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
    placeholderData: (former) => former,
  })
  const { data, error, hasNextPage, isFetchingNextPage } = result
  if (error && !data) {
    return <FailedPart title={t('staff.uploads.failed')} error={error} onRetry={() => void result.refetch()} />
  }
  const uploads = data?.pages.flatMap((page) => page.uploads) ?? []
  return (
    <section className="card statement" aria-labelledby="person-uploads">
      <div className="card-head staff-card-head">
        <h2 id="person-uploads">{t('staff.uploads.title')}</h2>
        <Select<Filter>
          label={t('staff.uploads.state')}
          hidesLabel
          value={filter}
          onChange={setFilter}
          options={[
            { value: any, label: t('staff.uploads.anyState') },
            ...states.map((value) => ({ value, label: t(`staff.uploads.is.${value}`) })),
          ]}
        />
      </div>
      {data && uploads.length === 0 && <p className="muted">{t('staff.uploads.none')}</p>}
      {uploads.length > 0 && (
        <ul className="lines" aria-labelledby="person-uploads">
          {uploads.map((upload) => (
            <Upload key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button isPending={isFetchingNextPage} onPress={() => void result.fetchNextPage()}>
          {isFetchingNextPage ? t('common.loading') : t('quota.showOlder')}
        </Button>
      )}
    </section>
  )
}

function Upload({ upload }: { readonly upload: StaffUpload }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { filename, state, code, sizeBytes, offsetBytes, createdAt, expiresAt, refusal } = upload
  const size =
    sizeBytes === null
      ? t('staff.uploads.sentOnly', { sent: format.bytes(offsetBytes) })
      : state === 'receiving'
        ? t('staff.uploads.sentOf', { sent: format.bytes(offsetBytes), size: format.bytes(sizeBytes) })
        : format.bytes(sizeBytes)
  const number = (value: number): string => format.number(value, 1)
  return (
    <li className="line" data-state={state}>
      <time className="line-time" dateTime={createdAt} title={createdAt}>
        {format.dateTime(new Date(createdAt))}
      </time>
      <div className="line-what">
        <FileName name={filename} />
        {refusal !== null && (
          <p className="muted small">
            {t('staff.uploads.refusal', {
              limit: number(refusal.limit),
              used: number(refusal.used),
              reserved: number(refusal.reserved),
              requested: number(refusal.requested),
              unit: t(`staff.explain.unit.${refusal.unit}`),
            })}
          </p>
        )}
        {(state === 'receiving' || state === 'held') && expiresAt !== null && (
          <p className="muted small">{t('staff.uploads.keptUntil', { date: format.dateTime(new Date(expiresAt)) })}</p>
        )}
      </div>
      <div>
        <span className="tag" data-tone={tones[state]}>
          {t(`staff.uploads.is.${state}`)}
        </span>{' '}
        {code !== null && (
          <code className="code" dir="ltr">
            {code}
          </code>
        )}
        <p>{size}</p>
      </div>
    </li>
  )
}

const tones: { readonly [State in UploadState]: string | undefined } = {
  receiving: undefined,
  verifying: undefined,
  accepted: 'good',
  held: 'warn',
  rejected: 'bad',
}
