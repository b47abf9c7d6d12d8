import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Runs before the tests: the programs they need and npm does not carry, from Debian's packages when that is possible. */
const needed = [
  { package: 'redis-server', isThere: () => isOnPath('redis-server') },
  { package: 'openssl', isThere: () => isOnPath('openssl') },
  { package: 'chromium', isThere: () => isProgram('/usr/bin/chromium') },
  {
    package: 'apache2 libapache2-mod-auth-openidc',
    isThere: () => isProgram('/usr/sbin/apache2') && isFile('/usr/lib/apache2/modules/mod_auth_openidc.so'),
  },
  { package: 'azure-cli', isThere: () => isProgram('/usr/bin/az') },
]

const missing = needed.filter(({ isThere }) => !isThere()).map((program) => program.package)
if (missing.length > 0) {
  const command = `apt-get update && apt-get install -y ${missing.join(' ')}`
  if (process.getuid?.() !== 0 || !isProgram('/usr/bin/apt-get')) {
    console.error(
      `The tests need ${missing.join(' and ')}. Type this, then run them again:\n\n  sudo sh -c '${command}'\n`,
    )
    process.exit(1)
  }
  console.error(`The tests need ${missing.join(' and ')}: ${command}`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('sh', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit'], env: environment })
}

/** @param {string} name */
function isOnPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => isProgram(join(dir, name)))
}

/** @param {string} path */
function isFile(path) {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
