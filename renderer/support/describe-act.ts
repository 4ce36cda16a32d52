import type { Translate } from '../locales/translate'
import type { AuditState } from '../../contract/audit'
import type { SupportAct } from '../../contract/support'
import { type Format, isolate } from '../format/format'

type Speech = { readonly t: Translate; readonly format: Format }

/** What was done, in one sentence to whom it was done. */
export function describeAct({ action, before }: Pick<SupportAct, 'action' | 'before'>, t: Translate): string {
  switch (action) {
    case 'sessions.end': {
      const { device } = before
      return typeof device === 'string' ? t('acts.act.sessionEnd', { device: isolate(device) }) : t('acts.act.sessions-end')
    }
    case 'token.end': {
      const { token } = before
      return typeof token === 'string' ? t('acts.act.tokenEnd', { token: isolate(token) }) : t('acts.act.token-end')
    }
    default:
      return t(`acts.act.${actionKey(action)}`)
  }
}

type Dashed<Name extends string> = Name extends `${infer Head}.${infer Tail}` ? `${Head}-${Dashed<Tail>}` : Name

/** An action as a key of the texts. Safe: what replaces the dots is what the type says of them. */
export const actionKey = <Name extends string>(action: Name): Dashed<Name> => action.replaceAll('.', '-') as Dashed<Name>

const parts = ['usedVideos', 'usedSeconds', 'maxVideos', 'maxSeconds', 'maxFileSizeBytes'] as const
type Part = (typeof parts)[number]

/** What is different after it: "Videos used: 8, then 0". */
export function describeActChanges(
  { before, after }: Pick<SupportAct, 'before' | 'after'>,
  speech: Speech,
): readonly string[] {
  const { t } = speech
  return parts
    .filter((part) => part in before && part in after && before[part] !== after[part])
    .map((part) =>
      t('acts.change', {
        what: t(`acts.part.${part}`),
        before: valueOf(before, part, speech),
        after: valueOf(after, part, speech),
      }),
    )
}

function valueOf(state: AuditState, part: Part, { t, format }: Speech): string {
  const value = state[part]
  if (typeof value !== 'number') return t('quota.noLimit')
  if (part === 'maxFileSizeBytes') return format.bytes(value)
  return part === 'usedSeconds' || part === 'maxSeconds' ? format.number(value / 60, 1) : format.number(value)
}
