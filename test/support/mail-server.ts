import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export type ReceivedMail = {
  readonly from: string
  readonly to: readonly string[]
  readonly messageId: string
  readonly subject: string
  /** The plain part, then the HTML part. */
  readonly parts: readonly string[]
  readonly raw: string
}

export type MailServer = AsyncDisposable & {
  readonly port: number
  readonly received: ReceivedMail[]
  /** Sign-ins that were tried, as `user:password`. */
  readonly signIns: string[]
  /** Answered to the next letters in place of taking them. */
  refusal: { readonly at: 'recipient' | 'letter'; readonly code: number } | null
}

/** A real SMTP server on a port of its own, without encryption unless `options` say otherwise. */
export async function startMailServer(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
  const refuse = (code: number): Error => Object.assign(new Error(`no, says the server of x@y.test`), { responseCode: code })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    ...options,
    onAuth: ({ username, password }, _session, done) => {
      running.signIns.push(`${username}:${password}`)
      if (password === 'right') done(null, { user: username ?? '' })
      else done(refuse(535))
    },
    onRcptTo: (_address, _session, done) => done(running.refusal?.at === 'recipient' ? refuse(running.refusal.code) : null),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('latin1')
        if (running.refusal?.at === 'letter') return done(refuse(running.refusal.code))
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        running.received.push({ from, to: rcptTo.map(({ address }) => address), ...read(raw) })
        done(null)
      })
    },
  })
  const running = {
    received: [] as ReceivedMail[],
    signIns: [] as string[],
    refusal: null as MailServer['refusal'],
  }
  server.on('error', () => undefined)
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(running, {
    port: address.port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  })
}

function read(raw: string): Pick<ReceivedMail, 'messageId' | 'subject' | 'parts' | 'raw'> {
  const unfolded = raw.replace(/\r\n[ \t]+/g, ' ')
  const header = (name: string): string => new RegExp(`^${name}: (.*)\r$`, 'im').exec(unfolded)?.[1] ?? ''
  const parts = [...raw.matchAll(/Content-Type: text\/[\s\S]*?Encoding: (\S+)\r\n\r\n([\s\S]*?)\r\n--/g)].map(
    ([, encoding = '', body = '']) => decodeBody(encoding, body),
  )
  return { messageId: header('Message-ID'), subject: decodeWords(header('Subject')), parts, raw }
}

function decodeBody(encoding: string, body: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8').replaceAll('\r\n', '\n')
  if (encoding !== 'quoted-printable') return body.replaceAll('\r\n', '\n')
  return fromQuoted(body.replace(/=\r\n/g, '')).replaceAll('\r\n', '\n')
}

function decodeWords(text: string): string {
  const words = text.replace(/\?= +=\?/g, '?==?')
  return words.replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, body: string) =>
    kind.toUpperCase() === 'B' ? Buffer.from(body, 'base64').toString('utf8') : fromQuoted(body.replaceAll('_', ' ')),
  )
}

function fromQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
