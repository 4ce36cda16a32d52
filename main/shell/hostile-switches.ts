/** Chromium's and Node's switches that open a door into the app: a debugger, other code, a weaker page. */
const hostile = [
  'allow-file-access-from-files',
  'allow-running-insecure-content',
  'disable-site-isolation-trials',
  'disable-web-security',
  'experimental-loader',
  'host-resolver-rules',
  'host-rules',
  'ignore-certificate-errors',
  'import',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'inspect-wait',
  'js-flags',
  'load-extension',
  'loader',
  'proxy-pac-url',
  'proxy-server',
  'remote-debugging-address',
  'remote-debugging-pipe',
  'remote-debugging-port',
  'remote-allow-origins',
  'renderer-cmd-prefix',
  'require',
  'utility-cmd-prefix',
]

/**
 * The first switch or variable that an installed app does not start with (`security.md` D30); null where there is none. The
 * fuses refuse some of them by themselves; those of Chromium have no fuse. A person's own start has no use for any.
 */
export function findHostileSwitch(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  for (const arg of args) {
    // Chromium takes `-switch` and, on Windows, `/switch` as well, in any case.
    const name = /^(?:--?|\/)([a-z][a-z0-9-]*)/i.exec(arg)?.[1]?.toLowerCase()
    if (name !== undefined && hostile.includes(name)) return arg.split('=')[0] ?? arg
  }
  for (const name of ['NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE', 'NODE_EXTRA_CA_CERTS']) {
    if ((env[name] ?? '') !== '') return name
  }
  return null
}
