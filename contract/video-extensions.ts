/**
 * Extensions (without their dot) worth a look in a folder or a dialogue; what a file really is, the probe says. In a file of
 * its own, so that the page has the list without a schema library.
 */
export const videoExtensions: readonly string[] = ['mp4', 'm4v', 'mov', 'webm', 'mkv', 'avi', 'ts', 'mts', 'm2ts']
