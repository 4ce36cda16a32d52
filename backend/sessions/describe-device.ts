import type { Device } from '../../contract/sessions'

/** What a client may leave out is read from User-Agent. */
type GivenDevice = { readonly [Key in keyof Device]?: Device[Key] | undefined }

const systems: readonly (readonly [RegExp, string])[] = [
  [/Windows/, 'Windows'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Android/, 'Android'],
  [/Linux|X11/, 'Linux'],
]

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\/([\d.]+)/, 'Edge'],
  [/Firefox\/([\d.]+)/, 'Firefox'],
  [/Chrome\/([\d.]+)/, 'Chrome'],
  [/Version\/([\d.]+).*Safari\//, 'Safari'],
]

/** The device as its client named it, completed from User-Agent. Words for people, never a basis for decisions. */
export function describeDevice(given: GivenDevice | undefined, userAgent = ''): Device {
  const isBrowser = userAgent.startsWith('Mozilla/')
  const app = given?.app ?? appOf(userAgent)
  const os = given?.os ?? systems.find(([pattern]) => pattern.test(userAgent))?.[1] ?? ''
  return {
    type: given?.type ?? (!isBrowser ? 'script' : /Mobile|Android|iPhone|iPad/.test(userAgent) ? 'mobile' : 'browser'),
    os,
    app,
    name:
      given?.name ??
      ([app, os]
        .filter((part) => part !== '')
        .join(', ')
        .slice(0, 100) ||
        'unknown'),
  }
}

function appOf(userAgent: string): string {
  for (const [pattern, name] of browsers) {
    const version = pattern.exec(userAgent)?.[1]
    if (version !== undefined) return `${name} ${version}`.slice(0, 100)
  }
  return (/^[\w.+-]+(?:\/[\w.+-]+)?/.exec(userAgent)?.[0] ?? '').replace('/', ' ').slice(0, 100)
}
