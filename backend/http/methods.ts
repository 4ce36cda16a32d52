import { routes } from '../../contract/http'
import { pathOf } from '../log'

const patterns = Object.values(routes).map(({ method, path }) => ({
  methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
  pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`),
}))

/** The methods that an address takes; none where there is nothing at that address. */
export function allowedMethods(url: string): string[] {
  const path = pathOf(url)
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).flatMap((each) => each.methods)
  return [...new Set(methods)].sort()
}
