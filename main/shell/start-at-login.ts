/**
 * The entry that a Linux desktop starts at sign-in (freedesktop.org, Desktop Application Autostart). Elsewhere the system has a
 * call for it.
 * @param command the program and its arguments
 */
export function autostartEntry(command: readonly string[]): string {
  // Desktop Entry Specification, "The Exec key": quoted, with these characters escaped; `%` is doubled.
  const quote = (part: string): string =>
    `"${part
      .replaceAll(/["`$\\]/g, String.raw`\$&`)
      .replaceAll('\\', '\\\\')
      .replaceAll('%', '%%')}"`
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Reelport',
    `Exec=${command.map(quote).join(' ')}`,
    'Icon=reelport',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}
