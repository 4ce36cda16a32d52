/**
 * For the programs that move buffers: glibc gives each thread an arena of its own, and what one of them frees is of no use to the
 * others (https://man7.org/linux/man-pages/man3/mallopt.3.html, M_ARENA_MAX). One for all saves some MB, and moves bytes no slower.
 */
export const fewArenas: Readonly<Record<string, string>> = process.platform === 'linux' ? { MALLOC_ARENA_MAX: '1' } : {}
