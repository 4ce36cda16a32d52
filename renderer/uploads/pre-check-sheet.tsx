import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { Inspection } from '../../contract/transfers'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { describeFailure } from '../failures/describe-failure'
import { useFormat } from '../format/use-format'
import { floorToTenth, minutesPart, videosPart } from '../quota/quota-facts'
import { useMirror } from '../state/mirror'
import { FileName } from './file-name'
import { useIntake } from './intake'

const isAddable = ({ verdict }: Inspection): boolean => verdict.kind !== 'refused'

/** Says of each file whether it fits, and why not, before a byte is sent. */
export function PreCheckSheet(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const sheet = useIntake((intake) => intake.sheet)
  const inspections = sheet?.inspections ?? []
  const addable = inspections.filter(isAddable)
  const close = (): void => sheet?.decide([])
  const counted = { count: addable.length, num: format.number(addable.length) }
  return (
    <Dialog
      title={t('uploads.sheet.title')}
      isOpen={sheet !== null}
      onClose={close}
      size="large"
      isLong
      footer={
        <>
          <AfterAdding addable={addable} />
          <Button onPress={close}>{addable.length > 0 ? t('common.cancel') : t('common.close')}</Button>
          {addable.length > 0 && (
            <Button variant="primary" takesFocus onPress={() => sheet?.decide(addable.map(({ handle }) => handle))}>
              {t('uploads.sheet.add', counted)}
            </Button>
          )}
        </>
      }
    >
      <p className="muted">{addable.length > 0 ? t('uploads.sheet.intro') : t('uploads.sheet.nothingFits')}</p>
      <div className="table-scroll">
        <table className="sheet-table">
          <thead>
            <tr>
              <th scope="col">{t('uploads.sheet.columnFile')}</th>
              <th scope="col">{t('uploads.sheet.columnLength')}</th>
              <th scope="col">{t('uploads.sheet.columnSize')}</th>
              <th scope="col">{t('uploads.sheet.columnVerdict')}</th>
            </tr>
          </thead>
          <tbody>
            {sheet?.untaken.map((file) => (
              <SheetRow key={file.key} inspection={file} />
            ))}
            {inspections.map((inspection) => (
              <SheetRow key={inspection.handle} inspection={inspection} />
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  )
}

type Inspected = Omit<Inspection, 'handle'>

function SheetRow({ inspection }: { readonly inspection: Inspected }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { name, durationSeconds, sizeBytes } = inspection
  return (
    <tr>
      <th scope="row">
        <FileName name={name} />
      </th>
      <td>{durationSeconds === null ? t('uploads.sheet.unknownLength') : format.duration(durationSeconds)}</td>
      <td>{format.bytes(sizeBytes)}</td>
      <td>
        <Verdict inspection={inspection} />
      </td>
    </tr>
  )
}

function Verdict({ inspection: { verdict } }: { readonly inspection: Inspected }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  switch (verdict.kind) {
    case 'fits':
      return (
        <span className="verdict" data-tone="good">
          <CircleCheck size={16} aria-hidden /> {t('uploads.sheet.fits')}
        </span>
      )
    case 'length-unknown':
      return (
        <span className="verdict" data-tone="warn">
          <CircleHelp size={16} aria-hidden /> {t('uploads.sheet.lengthUnknown')}
        </span>
      )
    case 'refused': {
      const { happened, next } = describeFailure(verdict.failure, { t, format })
      return (
        <span className="verdict" data-tone="danger">
          <CircleAlert size={16} aria-hidden />
          <span>
            {happened}
            <span className="verdict-next">{next}</span>
          </span>
        </span>
      )
    }
    default:
      return verdict satisfies never
  }
}

/** What would be left of the quota; files of unknown length count only as a video. */
function AfterAdding({ addable }: { readonly addable: readonly Inspection[] }): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const { quota } = useMirror((mirror) => mirror.quota)
  if (!quota || addable.length === 0) return null
  const videosLeft = videosPart(quota).left
  const minutesLeft = minutesPart(quota).left
  if (videosLeft === null || minutesLeft === null) return null
  const addedMinutes = addable.reduce((sum, { durationSeconds }) => sum + (durationSeconds ?? 0), 0) / 60
  return (
    <p className="muted after-adding">
      {t('uploads.sheet.after', {
        videos: format.number(Math.max(0, videosLeft - addable.length)),
        minutes: format.number(floorToTenth(Math.max(0, minutesLeft - addedMinutes)), 1),
      })}
    </p>
  )
}
