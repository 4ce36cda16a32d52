import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import { LongTextField, TextField } from '../../controls/text-field'
import { useFormat } from '../../format/use-format'

/** As the backend takes it (`contract/staff.ts`). */
const shortest = 10
const longest = 500
const longestTicket = 100

export type Why = { readonly reason: string; readonly ticket?: string }

export type WhyForm = {
  readonly reason: string
  readonly ticket: string
  change(part: { readonly reason?: string; readonly ticket?: string }): void
  /** null while it is not a reason yet. */
  readonly why: Why | null
}

/** What staff say for an act. */
export function useWhy(): WhyForm {
  const [fields, setFields] = useState({ reason: '', ticket: '' })
  const reason = fields.reason.trim()
  const ticket = fields.ticket.trim()
  const isReason = reason.length >= shortest && reason.length <= longest
  return {
    ...fields,
    change: (part) => setFields((before) => ({ ...before, ...part })),
    why: isReason ? { reason, ...(ticket === '' ? {} : { ticket }) } : null,
  }
}

/** Why, for the record and for the user's own eyes; a ticket where there is one. */
export function ReasonFields({ form, isTried }: { readonly form: WhyForm; readonly isTried: boolean }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <LongTextField
        label={t('staff.act.reason')}
        help={t('staff.act.reasonHelp')}
        name="reason"
        maxLength={longest}
        value={form.reason}
        onChange={(reason) => form.change({ reason })}
        error={
          isTried && form.why === null
            ? t('staff.act.reasonShort', { count: shortest, num: format.number(shortest) })
            : undefined
        }
      />
      <TextField
        label={t('staff.act.ticket')}
        name="ticket"
        autoComplete="off"
        maxLength={longestTicket}
        value={form.ticket}
        onChange={(ticket) => form.change({ ticket })}
      />
    </>
  )
}
