import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A certificate for 127.0.0.1 that begins on 1 January 2090: for a computer of today, one whose clock is wrong. Opens nothing. */
export const futureCertificate = `-----BEGIN CERTIFICATE-----
MIIBbzCCARagAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJub3QteWV0
LXZhbGlkLnRlc3QwIhgPMjA5MDAxMDEwMDAwMDBaGA8yMTkwMDEwMTAwMDAwMFow
HTEbMBkGA1UEAwwSbm90LXlldC12YWxpZC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZI
zj0DAQcDQgAE8WVY6HiWzbpl5xNCVYQkSs33ac92I0mQyxIEGQJaeUC7Fl4A+6LU
9vbHQJ5XoJCCXXbAgmNI1L1VsP46fhT62aNDMEEwDwYDVR0TAQH/BAUwAwEB/zAP
BgNVHREECDAGhwR/AAABMB0GA1UdDgQWBBRbDg97Cj89AO6hGTg5nRRhnEWXczAK
BggqhkjOPQQDAgNHADBEAiBSdBNw/BqwTD8Tcjd1qkoW0TAHz4MYOI9g9UPVy3nN
wQIgKOwByd9Xqk+9PGTAnIQ0/SjDrlOOj24AhjxRMgCQ2m4=
-----END CERTIFICATE-----
`
const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6LwlgxaQ3a0H8HRq
mYJrijGzo3zMiqVN5spd0ap7VeOhRANCAATxZVjoeJbNumXnE0JVhCRKzfdpz3Yj
SZDLEgQZAlp5QLsWXgD7otT29sdAnlegkIJddsCCY0jUvVWw/jp+FPrZ
-----END PRIVATE KEY-----
`

/** A server whose certificate is not valid yet. */
export async function startFutureServer(): Promise<AsyncDisposable & { readonly origin: string }> {
  const server = createServer({ cert: futureCertificate, key: privateKey }, (_, answer) => answer.end('{"status":"ok"}'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
