import type { Texts } from '../../platform/i18n/index.js'
import type { Holder, Owned } from '../store.js'
import { type BarProps, MyPage } from './bar.js'

/** What somebody owns (`data-page="manage"`). */
export function ManagePage(props: BarProps & { owned: readonly Owned[]; showsPeople: boolean }) {
  const { frame, owned } = props
  const { texts, organization } = frame
  const heading = texts.say('manage.heading')
  return (
    <MyPage {...props} page="manage" heading={heading}>
      <div>
        <h1>{heading}</h1>
        <p class="sub">{texts.rich('manage.lead', { organization: organization.name })}</p>
      </div>
      {owned.length === 0 && <p class="empty">{texts.say('manage.none')}</p>}
      <OwnedList {...props} kind="app" heading={texts.say('manage.apps')} />
      <OwnedList {...props} kind="group" heading={texts.say('manage.groups')} />
    </MyPage>
  )
}

type ListProps = Parameters<typeof ManagePage>[0] & { kind: Owned['kind']; heading: string }

function OwnedList({ frame, tenantId, owned, showsPeople, kind, heading }: ListProps) {
  const { texts } = frame
  const rows = owned.filter((each) => each.kind === kind)
  if (rows.length === 0) return null
  return (
    <section class="panel pad">
      <h2>{heading}</h2>
      <ul class="pair">
        {rows.map(({ id, name, people }) => (
          <li class="row" key={id}>
            {showsPeople ? (
              <a class="alone" href={`/myapps/manage/${id}?tenant=${tenantId}`}>
                {texts.isolate(name)}
              </a>
            ) : (
              <span>{texts.isolate(name)}</span>
            )}
            <span class="sub">{holdersOf(texts, kind, people)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** How many have it: an app is assigned to groups, too. */
function holdersOf(texts: Texts, kind: Owned['kind'], count: number): string {
  return texts.say(kind === 'app' ? 'manage.assigned' : 'manage.people', { count })
}

/** Who has one thing that somebody owns (`data-page="manage-people"`). */
export function HoldersPage(props: BarProps & { owned: Owned & { holders: readonly Holder[] } }) {
  const { frame, tenantId, owned } = props
  const { texts } = frame
  return (
    <MyPage {...props} page="manage-people" heading={owned.name}>
      <p>
        <a class="alone" href={`/myapps/manage?tenant=${tenantId}`}>
          {texts.say('manage.back')}
        </a>
      </p>
      <div>
        <h1>{texts.isolate(owned.name)}</h1>
        <p class="sub">
          {texts.say('manage.kind', { kind: owned.kind })}: {holdersOf(texts, owned.kind, owned.people)}
        </p>
      </div>
      {owned.holders.length > 0 && (
        <ul class="panel pair">
          {owned.holders.map(({ kind, name, mail }) => (
            <li class="row">
              <span>
                <b>{texts.isolate(name)}</b>
                {mail && <span class="sub">{texts.ltr(mail)}</span>}
              </span>
              <span class="chip">{texts.say('manage.person.kind', { kind })}</span>
            </li>
          ))}
        </ul>
      )}
      {owned.holders.length < owned.people && (
        <p class="sub">{texts.say('manage.more', { count: owned.holders.length })}</p>
      )}
    </MyPage>
  )
}
