import type { Tile } from '../store.js'
import { type BarProps, Face, MyPage } from './bar.js'

type AppsProps = BarProps & {
  /** How many apps there are, how many match, and those of this page. */
  apps: number
  found: number
  tiles: readonly Tile[]
  page: number
  pages: number
}

/** The apps somebody can open, as tiles (`data-page="my-apps"`). */
export function AppsPage(props: AppsProps) {
  const { frame, tenantId, person, query, apps, found, tiles } = props
  const { texts, organization } = frame
  const values = { organization: organization.name, kind: person.isGuest ? 'guest' : 'member' }
  const heading = texts.say('my.apps.heading')
  return (
    <MyPage {...props} page="my-apps" heading={heading}>
      <div>
        <h1>{heading}</h1>
        {apps > 0 && <p class="sub">{texts.rich('my.apps.lead', values)}</p>}
      </div>
      {query && found > 0 && (
        <p role="status">
          {texts.rich('my.apps.found', { count: found, query })}{' '}
          <a href={`/myapps?tenant=${tenantId}`}>{texts.say('my.apps.all')}</a>
        </p>
      )}
      {tiles.length > 0 && (
        <ul class="tiles">
          {tiles.map((tile) => (
            <li key={tile.id}>
              <AppTile tile={tile} tenantId={tenantId} frame={frame} />
            </li>
          ))}
        </ul>
      )}
      {query && found === 0 && apps > 0 && (
        <div class="empty">
          <h2>{texts.say('my.apps.nothing.heading')}</h2>
          <p class="sub">{texts.rich('my.apps.nothing.lead', { query })}</p>
          <p>
            <a class="btn" href={`/myapps?tenant=${tenantId}`}>
              {texts.say('my.apps.all')}
            </a>
          </p>
        </div>
      )}
      {apps === 0 && (
        <div class="empty">
          <h2>{texts.say('my.apps.none.heading')}</h2>
          <p class="sub">{texts.rich('my.apps.none.lead', values)}</p>
        </div>
      )}
      <Pages {...props} />
    </MyPage>
  )
}

function AppTile({ tile, tenantId, frame }: { tile: Tile } & Pick<AppsProps, 'tenantId' | 'frame'>) {
  const { id, name, description, logoUrl } = tile
  const { texts } = frame
  return (
    <a class="tile" href={`/myapps/open/${id}?tenant=${tenantId}`}>
      {logoUrl ? (
        <span class="logo">
          <img src={logoUrl} alt="" loading="lazy" />
        </span>
      ) : (
        <Face name={name} tint={tintOf(id)} />
      )}
      <span>
        <b>{texts.isolate(name)}</b>
        {description && <span class="sub">{texts.isolate(description)}</span>}
      </span>
    </a>
  )
}

/** One of four colours, the same each time. */
function tintOf(id: string): string {
  return `t${(Number.parseInt(id.slice(-2), 16) % 4) + 1}`
}

function Pages({ frame, tenantId, query, page, pages }: AppsProps) {
  if (pages <= 1) return null
  const { texts } = frame
  const href = (to: number) =>
    `/myapps?${new URLSearchParams({ tenant: tenantId, ...(query && { q: query }), page: String(to) })}`
  return (
    <nav class="acts" aria-label={texts.say('my.apps.pages')}>
      {page > 1 && (
        <a class="btn" rel="prev" href={href(page - 1)}>
          {texts.say('my.apps.previous')}
        </a>
      )}
      <span class="sub">{texts.say('my.apps.page', { page, pages })}</span>
      {page < pages && (
        <a class="btn" rel="next" href={href(page + 1)}>
          {texts.say('my.apps.next')}
        </a>
      )}
    </nav>
  )
}
