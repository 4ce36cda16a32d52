import { routes } from '../../contract/http'
import type { Server } from './server'

export type OpenApi = { readonly text: () => Promise<string> }

const description = `Uploads are tus 1.0.0 at /uploads (creation, creation-with-upload, termination, expiration, checksum).
Refusals are problem documents (RFC 9457) with a \`code\`. Method override is refused on purpose.`

/** The OpenAPI document, made at its first reading from the same table as the routes, so that the start does not wait. */
export function createOpenApi(): OpenApi {
  let made: Promise<string> | undefined
  return { text: () => (made ??= make()) }
}

async function make(): Promise<string> {
  const [{ default: fastify }, { default: swagger }, { jsonSchemaTransform, validatorCompiler, serializerCompiler }] =
    await Promise.all([import('fastify'), import('@fastify/swagger'), import('fastify-type-provider-zod')])
  // A server that never listens: it only carries the routes' schemas to the plug-in.
  const carrier: Server = fastify({ exposeHeadRoutes: false })
  carrier.setValidatorCompiler(validatorCompiler)
  carrier.setSerializerCompiler(serializerCompiler)
  await carrier.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Reelport', version: '1', description },
      components: {
        securitySchemes: {
          session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          'api-token': { type: 'apiKey', in: 'header', name: 'Authorization', description: '`Token <key>`' },
          'temp-token': { type: 'apiKey', in: 'header', name: 'X-Temp-Token' },
        },
      },
    },
    transform: jsonSchemaTransform,
  })
  for (const [operationId, route] of Object.entries(routes)) {
    carrier.route({
      method: route.method,
      url: route.path,
      // The plug-in hides HEAD unless it is asked to show it; tus has one of its own.
      config: { swagger: { exposeHeadRoute: true } },
      schema: {
        operationId,
        summary: route.summary,
        security: route.access.map((credential) => ({ [credential]: [] })),
        ...('params' in route && { params: route.params }),
        ...('query' in route && { querystring: route.query }),
        ...('body' in route && { body: route.body }),
        response: route.answers,
      },
      handler: async () => undefined,
    })
  }
  await carrier.ready()
  try {
    return JSON.stringify(carrier.swagger())
  } finally {
    await carrier.close()
  }
}
