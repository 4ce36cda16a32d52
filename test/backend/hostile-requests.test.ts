import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemSchema } from '../../contract/problems'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'

let server: TestBackend
let user: TestUser

beforeAll(async () => {
  server = await startTestBackend()
  user = await server.signUp()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Sends bytes as they are and reads until the connection ends, or the answer is whole. */
function raw(lines: readonly string[], body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN)
      if (text.length >= text.indexOf('\r\n\r\n') + 4 + length) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  })
}

function problemOf(answer: string): { status: number; code: string } {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head.toLowerCase()).toContain('content-type: application/problem+json')
  const { status, code } = problemSchema.parse(JSON.parse(body))
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  return { status, code }
}

const ours = (): string => `Host: 127.0.0.1:${server.port}`

describe('the Host header', () => {
  it('must be there once, and ours', async () => {
    const get = 'GET /healthz HTTP/1.1'
    expect(problemOf(await raw([get]))).toEqual({ status: 400, code: 'invalid_request' })
    expect(problemOf(await raw([get, ours(), ours()]))).toEqual({ status: 400, code: 'invalid_request' })
    expect(problemOf(await raw([get, ours(), 'host: evil.example']))).toEqual({ status: 400, code: 'invalid_request' })
    for (const host of [
      'evil.example',
      '127.0.0.1',
      `127.0.0.1.:${server.port}`,
      `127.1:${server.port}`,
      `0x7f.1:${server.port}`,
    ]) {
      expect(problemOf(await raw([get, `Host: ${host}`]))).toEqual({ status: 421, code: 'misdirected_request' })
    }
    for (const host of [`127.0.0.1:${server.port}`, `LOCALHOST:${server.port}`, `[::1]:${server.port}`]) {
      expect(await raw([get, `Host: ${host}`])).toMatch(/^HTTP\/1.1 200 /)
    }
  })
})

describe('what is not HTTP as it should be', () => {
  it.each<[string, () => readonly string[], number]>([
    ['no HTTP at all', () => ['hello'], 400],
    ['an unknown method', () => ['BREW /healthz HTTP/1.1', ours()], 400],
    [
      'length and chunks at once',
      () => ['POST /auth/login HTTP/1.1', ours(), 'Content-Length: 3', 'Transfer-Encoding: chunked'],
      400,
    ],
    ['two lengths', () => ['POST /auth/login HTTP/1.1', ours(), 'Content-Length: 3', 'Content-Length: 4'], 400],
    ['a negative length', () => ['POST /auth/login HTTP/1.1', ours(), 'Content-Length: -1'], 400],
    ['huge headers', () => ['GET /healthz HTTP/1.1', ours(), `X-Big: ${'x'.repeat(20_000)}`], 431],
    ['a whole address as target', () => ['GET http://evil.example/healthz HTTP/1.1', ours()], 400],
    ['a line break in a header', () => ['GET /healthz HTTP/1.1', ours(), 'X-A: a\rb'], 400],
    [
      'a doubled credential',
      () => ['GET /user/me HTTP/1.1', ours(), 'Authorization: Bearer a', 'Authorization: Bearer b'],
      400,
    ],
  ])('is refused: %s', async (_, lines, status) => {
    expect(problemOf(await raw(lines())).status).toBe(status)
  })

  it('tells a request that broke off from one that is wrong', async () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    const head = ['POST /auth/login HTTP/1.1', ours(), 'Content-Type: application/json', 'Content-Length: 9']
    socket.write(`${head.join('\r\n')}\r\n\r\n{"a`)
    socket.end()
    expect(problemOf(Buffer.concat(await socket.toArray()).toString())).toEqual({ status: 400, code: 'upload_incomplete' })
  })

  it('names its idle and unfinished heads, and does not keep them', async () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxHeadersCount } = server.backend.limits
    expect([headersTimeout, requestTimeout, keepAliveTimeout, maxHeadersCount]).toEqual([15_000, 0, 65_000, 100])
  })
})

describe('addresses', () => {
  it.each([
    ['GET', '/nowhere', 404],
    ['GET', '/../../etc/passwd', 404],
    ['GET', '/videos/..%2f..%2fetc%2fpasswd', 404],
    ['GET', '/videos/%2e%2e/content', 404],
    ['GET', '/videos/%00/content', 404],
    ['GET', '/videos/%ff/content', 404],
    ['GET', '/videos/short/content', 404],
    ['GET', `/videos/${'a'.repeat(65)}`, 404],
    ['GET', `/videos/${'a'.repeat(5000)}`, 404],
    ['GET', '/videos/constructor__proto__', 404],
    ['GET', '/videos?limit=0', 400],
    ['GET', '/videos?limit=abc', 400],
    ['GET', '/videos?sort=fastest', 400],
    ['GET', '/videos?cursor=e30', 400],
    ['GET', '/videos?cursor=%00', 400],
    ['GET', '/videos?unknown=1', 400],
    ['GET', '/videos?limit=1&limit=2', 400],
    ['GET', '/user/quota/history?cursor=NaN', 400],
    ['PUT', '/videos', 405],
    ['PROPFIND', '/videos', 405],
    ['POST', '/user/me', 405],
    ['DELETE', '/auth/login', 405],
  ])('%s %s answers %i', async (method, path, status) => {
    const answer = await user.send(method, path)
    expect([answer.status, answer.problem().status]).toEqual([status, status])
    if (status === 405) expect(answer.headers.get('allow')).toBeTruthy()
  })
})

describe('bodies', () => {
  const login = (headers: Record<string, string>, body: string) => server.send('POST', '/auth/login', { headers, body })
  const jsonType = { 'content-type': 'application/json' }

  it.each<[string, Record<string, string>, string, number]>([
    ['not JSON', jsonType, '{', 400],
    ['nothing', jsonType, '', 400],
    ['another type', { 'content-type': 'text/plain' }, '{}', 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 415],
    ['a broken type', { 'content-type': ';;;' }, '{}', 415],
    ['an array', jsonType, '[]', 400],
    ['null', jsonType, 'null', 400],
    ['numbers for words', jsonType, '{"username":1,"password":2}', 400],
    ['unknown fields', jsonType, '{"username":"a","password":"b","role":"staff"}', 400],
    ['a prototype', jsonType, '{"__proto__":{"role":"staff"},"username":"a","password":"b"}', 400],
    ['too much', jsonType, JSON.stringify({ username: 'x'.repeat(70_000) }), 413],
    ['deep nesting', jsonType, '['.repeat(20_000), 400],
  ])('of JSON routes are refused: %s', async (_, headers, body, status) => {
    const answer = await login(headers, body)
    expect([answer.status, answer.problem().status]).toEqual([status, status])
  })

  it('of forms must be forms', async () => {
    const json = await user.send('POST', '/upload-video', { json: {} })
    expect([json.status, json.problem().code]).toEqual([415, 'unsupported_media_type'])
    const broken = { 'content-type': 'multipart/form-data; boundary=x' }
    for (const body of ['', '--x', '--x\r\n\r\n--x--', 'nonsense']) {
      expect((await user.send('POST', '/upload-video', { headers: broken, body })).status).toBe(400)
    }
    const form = new FormData()
    form.set('other', new Blob(['x']), 'a.mp4')
    expect((await user.send('POST', '/upload-video', { body: form })).problem().fields?.[0]?.path).toBe('file')
    const noBoundary = { 'content-type': 'multipart/form-data' }
    expect((await user.send('POST', '/upload-video', { headers: noBoundary, body: 'x' })).status).toBeLessThan(500)
  })

  it('of forms may have a file without a name, which is refused in words', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    const part = 'Content-Disposition: form-data; name="file"\r\nContent-Type: application/octet-stream'
    const answer = await user.send('POST', '/upload-video', { headers, body: `--x\r\n${part}\r\n\r\nabc\r\n--x--\r\n` })
    expect([answer.status, answer.problem().fields?.[0]?.path]).toEqual([400, 'filename'])
  })

  it('of forms are not waited for without end', async () => {
    await using impatient = await startTestBackend({ uploadIdleMs: 200 })
    const { token } = await impatient.signUp()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x' }
    const call = request(`${impatient.url}/upload-video`, { method: 'POST', headers })
    call.flushHeaders()
    const [answer] = (await once(call, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(408)
    call.destroy()
  })

  it('tell nothing of the inside', async () => {
    for (const answer of [
      await login(jsonType, '{'),
      await user.send('GET', '/videos/short'),
      await user.send('GET', '/x'),
    ]) {
      expect(answer.text).not.toMatch(/node_modules|\.ts|\.js|SELECT|at /)
    }
  })
})

describe('an error of our own', () => {
  it('leaves as `unexpected` with a reference and nothing else', async () => {
    await using broken = await startTestBackend()
    const someone = await broken.signUp()
    await broken.backend.db.schema.dropTable('videos').execute()
    const answer = await someone.send('GET', '/videos')
    expect([answer.status, answer.problem().code]).toEqual([500, 'unexpected'])
    expect(answer.problem().reference).toMatch(/^[\w-]{36}$/)
    expect(answer.text).not.toContain('no such table')
  })
})
