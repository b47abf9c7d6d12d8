import { loadConfig } from './platform/config.js'
import { createLogger } from './platform/log.js'
import { type RunningServer, startServer } from './server.js'

/** Milliseconds between SIGTERM and the end, whatever still runs. */
const DRAIN_MS = 9_500

/**
 * Runs the service in this process as `env` says, until SIGTERM or SIGINT, or until the files of its embedded database
 * are removed. Resolves once it is up.
 * @throws when the settings cannot be used or a part does not start; nothing is left running then.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const { config, warnings } = loadConfig(env)
  const log = createLogger(config.logLevel, process.stderr)
  for (const warning of warnings) log.warn(warning)
  const starting = startServer(config, log, (error) => {
    log.fatal({ err: error }, 'the database is gone for good; this process ends')
    process.exit(1)
  })
  let stopping = false
  const stop = (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'draining')
    setTimeout(() => process.exit(1), DRAIN_MS).unref()
    // A start that is under way ends first: what it has begun is then known, and stopped.
    void starting
      .then((server) => server.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  announce(await starting)
}

function announce({ services, local }: RunningServer): void {
  if (!local) {
    services.log.info({ publicUrl: services.origins.publicUrl(), roles: services.config.roles }, 'Vestibule is running')
    return
  }
  const { facts, file } = local
  process.stdout.write(
    [
      '',
      'Vestibule is running.',
      '',
      `  API            ${facts.baseUrl}/v1.0`,
      `  API over TLS   ${facts.tlsBaseUrl}/v1.0`,
      `  Reference      ${facts.baseUrl}/docs`,
      `  Mailbox        ${facts.mailboxUrl}`,
      `  My Apps        ${facts.baseUrl}/myapps`,
      `  Portal         ${facts.portalUrl} (not in this version yet)`,
      `  Organization   ${facts.tenantDomain} (${facts.tenantId})`,
      `  Credentials    ${file}`,
      `  CA             ${facts.caFile}`,
      '',
      'Invite somebody (in another terminal):',
      '',
      '  npx vestibule invite ana@partner.example --redirect https://example.com/welcome',
      '',
      '',
    ].join('\n'),
  )
}
