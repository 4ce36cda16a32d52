/** The key that commands begin with, as it is written on this system's keyboards. */
export const commandKey = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'
