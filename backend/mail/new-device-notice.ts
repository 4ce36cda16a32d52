import { languageSchema, type Language } from '../../contract/settings'
import type { Session } from '../../contract/sessions'
import { userIdSchema } from '../../contract/ids'
import { findUser } from '../accounts/users-table'
import type { Database } from '../db/database'
import { hasSessionLike, hasOtherSession } from '../sessions/sessions-table'
import { newDeviceWords, type NewDevice } from './new-device-words'
import type { Outbox } from './outbox'

type Opened = { readonly session: Session; readonly userId: string; readonly isNewDevice: boolean }

/** A device that gives no id of its own (a script) is told by its name and address for this long. */
const rememberedMs = 30 * 24 * 60 * 60 * 1000

const locales: { readonly [Name in Language]: string } = {
  en: 'en-GB-u-ca-gregory-nu-latn',
  ar: 'ar-u-ca-gregory-nu-latn',
  th: 'th-u-ca-buddhist-nu-latn',
}

/**
 * Writes to the owner that a device which was not seen before has signed in, inside the transaction of that sign-in. Nobody is
 * written to who gave no address, nor about the first device of an account.
 */
export async function noticeNewDevice(transaction: Database, outbox: Outbox, opened: Opened): Promise<void> {
  const { session, isNewDevice } = opened
  if (!isNewDevice) return
  const userId = userIdSchema.parse(opened.userId)
  const user = await findUser(transaction, userId)
  if (user === undefined || user.email === null) return
  if (!(await hasOtherSession(transaction, userId, session.id))) return
  const since = Date.parse(session.createdAt) - rememberedMs
  const { ipAddress, device } = session
  if (await hasSessionLike(transaction, { userId, exceptId: session.id, ipAddress, deviceName: device.name, since })) return
  // The language of before this sign-in: whoever has just come in has no say in it yet.
  const language = languageSchema.catch('en').parse(user.language)
  const { subject, paragraphs } = newDeviceWords[language](describe(user.username, session, language))
  await outbox.put(transaction, { userId, recipient: user.email, language, subject, text: paragraphs.join('\n\n') })
}

function describe(username: string, session: Session, language: Language): NewDevice {
  const { device, ipAddress, place } = session
  const when = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  const known = (text: string): string => (text === '' ? '–' : text)
  return {
    username: isolate(harmless(username)),
    device: isolate(known(harmless(device.name))),
    app: isolate(
      known(
        [device.app, device.os]
          .map(harmless)
          .filter((part) => part !== '')
          .join(', '),
      ),
    ),
    where: isolate([ipAddress, place].filter((part) => part !== null).join(', ')),
    when: isolate(`${when.format(new Date(session.createdAt))} UTC`),
  }
}

/**
 * A stranger names their own device: what they write becomes no link, no line and no trick of direction in a mail of ours.
 * A full stop between letters would be made a link by mail programs; in a number (a version) it stays.
 */
export function harmless(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[/\\@<>]|:(?=\S)|(?<=\p{L})\.|\.(?=\p{L})/gu, ' ')
    .replace(/ +/g, ' ')
    .trim()
}

/** A value keeps its own direction inside a sentence of another. */
function isolate(text: string): string {
  return `\u2068${text}\u2069`
}
