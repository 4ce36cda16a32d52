/** What the page may do in either host: only itself, only from where it came (`ui.md` 1.4, `security.md` D25). */
const contentSecurityPolicy = (connectTo: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src ${connectTo}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')

/** Headers of every answer to the page. `connectTo`: where its scripts may ask, as sources of the policy. */
export const pageHeaders = (connectTo: string) =>
  ({
    'Content-Security-Policy': contentSecurityPolicy(connectTo),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }) as const
