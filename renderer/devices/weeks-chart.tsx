import { ChevronDown } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Button, Disclosure, DisclosurePanel, useLocale } from 'react-aria-components'
import type { SessionStatistics } from '../../contract/sessions'
import { useFormat } from '../format/use-format'

type Week = SessionStatistics['byWeek'][number]

const chart = { width: 780, height: 150, gap: 6 }

/** Noon, so that the day is the same in every time zone. */
const dayOf = ({ weekStart }: Week): Date => new Date(`${weekStart}T12:00:00`)

/** A step of the scale that leaves whole numbers on it: 1, 2, 5, 10 … */
export function scaleTop(most: number): number {
  if (most <= 4) return 4
  const power = 10 ** Math.trunc(Math.log10(most))
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? most
}

/**
 * Devices and sign-ins of each week as pairs of bars, told apart by their filling and not by colour alone. One sentence says
 * what the picture shows, and a table beneath has every number.
 */
export function WeeksChart({ weeks }: { readonly weeks: readonly Week[] }): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const { direction } = useLocale()
  const [first] = weeks
  const last = weeks.at(-1)
  if (!first || !last) return null
  const most = {
    devices: Math.max(...weeks.map((week) => week.devices)),
    signIns: Math.max(...weeks.map((week) => week.signIns)),
  }
  const top = scaleTop(Math.max(most.devices, most.signIns))
  const summary = t('devices.chart', {
    from: format.date(dayOf(first)),
    to: format.date(dayOf(last)),
    devices: format.number(most.devices),
    signIns: format.number(most.signIns),
  })
  return (
    <figure className="weeks">
      <figcaption className="weeks-head">
        <h3>{t('devices.byWeek')}</h3>
        <ul className="legend">
          <li data-series="devices">{t('devices.weekDevices')}</li>
          <li data-series="sign-ins">{t('devices.weekSignIns')}</li>
        </ul>
      </figcaption>
      <div className="weeks-plot">
        <div className="weeks-scale" aria-hidden>
          <span>{format.number(top)}</span>
          <span>{format.number(top / 2)}</span>
          <span>{format.number(0)}</span>
        </div>
        <svg
          viewBox={`0 0 ${chart.width} ${chart.height}`}
          preserveAspectRatio="none"
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn here, so that it follows theme, digits and direction
          role="img"
          aria-label={summary}
          className="weeks-bars"
        >
          {[0, 0.5, 1].map((share) => (
            <line key={share} x1={0} x2={chart.width} y1={share * chart.height} y2={share * chart.height} />
          ))}
          <Bars weeks={weeks} top={top} isMirrored={direction === 'rtl'} />
        </svg>
        <div className="weeks-dates" aria-hidden>
          <span>{format.date(dayOf(first))}</span>
          <span>{format.date(dayOf(last))}</span>
        </div>
      </div>
      <WeeksTable weeks={weeks} />
    </figure>
  )
}

type BarsProps = { readonly weeks: readonly Week[]; readonly top: number; readonly isMirrored: boolean }

/** Time runs as the language is read. */
function Bars({ weeks, top, isMirrored }: BarsProps): React.JSX.Element {
  const place = chart.width / weeks.length
  const width = (place - chart.gap) / 2
  const bar = (series: string, week: Week, value: number, x: number): React.JSX.Element => {
    const height = (value / top) * chart.height
    const at = isMirrored ? chart.width - x - width : x
    return (
      <rect
        key={`${series} ${week.weekStart}`}
        data-series={series}
        x={at}
        y={chart.height - height}
        width={width}
        height={height}
      />
    )
  }
  return (
    <g>
      {weeks.flatMap((week, index) => {
        const x = index * place + chart.gap / 2
        return [bar('devices', week, week.devices, x), bar('sign-ins', week, week.signIns, x + width)]
      })}
    </g>
  )
}

/** The same numbers for whoever cannot see the picture, or wants to know exactly. */
function WeeksTable({ weeks }: { readonly weeks: readonly Week[] }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Disclosure className="weeks-table">
      {({ isExpanded }) => (
        <>
          <Button slot="trigger" className="button button-quiet">
            <ChevronDown size={16} aria-hidden className="licence-sign" />
            {isExpanded ? t('devices.hideTable') : t('devices.showTable')}
          </Button>
          <DisclosurePanel>
            <table className="numbers">
              <caption className="only-read">{t('devices.byWeek')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('devices.week')}</th>
                  <th scope="col">{t('devices.weekDevices')}</th>
                  <th scope="col">{t('devices.weekSignIns')}</th>
                </tr>
              </thead>
              <tbody>
                {weeks.toReversed().map((week) => (
                  <tr key={week.weekStart}>
                    <th scope="row">{format.date(dayOf(week))}</th>
                    <td>{format.number(week.devices)}</td>
                    <td>{format.number(week.signIns)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </DisclosurePanel>
        </>
      )}
    </Disclosure>
  )
}
