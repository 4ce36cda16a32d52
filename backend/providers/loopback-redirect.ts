/**
 * The app's own listener: http, a loopback address in numbers, a port, a path (RFC 8252, 7.3). `localhost` is left out
 * because a name may resolve to something else. Answers null for anything more or less.
 */
export function parseLoopbackRedirect(text: string): URL | null {
  const url = URL.parse(text)
  if (url === null || url.protocol !== 'http:' || url.port === '') return null
  if (url.hostname !== '127.0.0.1' && url.hostname !== '[::1]') return null
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null
  // Written as it is read: nothing hides in another spelling of the same address.
  return url.href === text ? url : null
}
