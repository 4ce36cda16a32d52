import type { MailConfig } from './mail-config'

export type Letter = {
  /** Stays the same at each attempt, so that one that was sent twice is shown once. */
  readonly id: string
  readonly to: string
  readonly language: string
  readonly subject: string
  readonly text: string
}

/** Sends one letter. Raises what the mail server or the line said. */
export type SendLetter = (letter: Letter) => Promise<void>

const patienceMs = 15_000

/** SMTP, encrypted unless the server is on this machine; loaded at its first use. */
export function createSmtpSender({ host, port, security, username, password, from }: MailConfig): SendLetter {
  const load = async () => {
    const { createTransport } = await import('nodemailer')
    return createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(username !== undefined && password !== undefined && { auth: { user: username, pass: password } }),
      tls: { minVersion: 'TLSv1.2' },
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      socketTimeout: patienceMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }
  let loading: ReturnType<typeof load> | undefined
  return async ({ id, to, language, subject, text }) => {
    const transport = await (loading ??= load())
    await transport.sendMail({
      from: { name: 'Reelport', address: from },
      // An object, so that no address is read as a list of several.
      to: { name: '', address: to },
      subject,
      text,
      html: toHtml(text, language),
      messageId: `<${id}@reelport.invalid>`,
      // No holiday notices in return (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
    })
  }
}

/** The same words with their direction, which plain text cannot say. */
function toHtml(text: string, language: string): string {
  const paragraphs = text.split('\n\n').map((paragraph) => `<p>${escape(paragraph).replaceAll('\n', '<br>')}</p>`)
  const direction = language === 'ar' ? 'rtl' : 'ltr'
  return `<!doctype html><html lang="${language}" dir="${direction}"><body>${paragraphs.join('')}</body></html>`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
