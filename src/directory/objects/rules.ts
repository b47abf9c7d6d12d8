import {
  groupView,
  ID_ONLY,
  levelOf,
  narrower,
  permittedView,
  type Reader,
  type ReadingPolicy,
  userView,
  type View,
} from '../rules.js'

const READ_DIRECTORY = ['Directory.Read.All', 'Directory.ReadWrite.All']

/** Any of these lets a client read groups (Graph: least permissions of group-get and group-list-members). */
export const READ_GROUPS = [
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  ...READ_DIRECTORY,
  'Group.ReadBasic.All',
  'GroupMember.ReadBasic.All',
]

/** Any of these lets a client read applications and service principals, whoever owns them. */
export const READ_APPLICATIONS = ['Application.Read.All', 'Application.ReadWrite.All', ...READ_DIRECTORY]

/** Graph: with it a client may list all there are, and change its own. */
const READ_APPLICATIONS_OR_OWN = [...READ_APPLICATIONS, 'Application.ReadWrite.OwnedBy']

/** What lets a client read all of the objects of a type. People have shades of it: `permittedView`. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  'microsoft.graph.group': READ_GROUPS,
  'microsoft.graph.directoryRole': [
    'RoleManagement.Read.Directory',
    'RoleManagement.ReadWrite.Directory',
    ...READ_DIRECTORY,
  ],
  'microsoft.graph.application': READ_APPLICATIONS_OR_OWN,
  'microsoft.graph.servicePrincipal': READ_APPLICATIONS_OR_OWN,
}

type Client = Reader & { permissions: ReadonlySet<string> }

/** An object that something else leads to: a member, an owner, a manager, what somebody is in or owns. */
export type RelatedObject = {
  type: string
  /** Absent: any object of the type that is not the reader. */
  id?: string
  /** Of groups: whether it hides who is in it. */
  hidesMembership?: boolean
  /** Whether the request itself has made it what it is: whoever may write it hears what became of it. */
  isWritten?: boolean
}

/**
 * What a caller sees of an object that something else leads to. Every read of directory objects passes it, whatever the
 * way: those that are asked for by name and lists of all there are have refused before whom they are not for. Two rules
 * hold together: what the client may read (Graph: "limited information returned for inaccessible member objects", of
 * which only type and id are told), and what the person it acts for may (Entra: guest access levels).
 */
export function relatedView(caller: Client, policy: ReadingPolicy, object: RelatedObject): View {
  const ofClient = object.isWritten === true ? 'everything' : viewOfClient(caller, object)
  return narrower(viewOfPerson(caller, policy, object), ofClient)
}

function viewOfClient(client: Client, { type, id }: RelatedObject): View {
  if (type === 'microsoft.graph.user') {
    const permitted = permittedView(client, id)
    return permitted === 'nothing' ? ID_ONLY : permitted
  }
  return READERS[type]?.some((name) => client.permissions.has(name)) ? 'everything' : ID_ONLY
}

function viewOfPerson(person: Reader, policy: ReadingPolicy, object: RelatedObject): View {
  const { type, id, hidesMembership = false } = object
  switch (type) {
    case 'microsoft.graph.user':
      return userView(person, policy, { ...(id !== undefined && { userId: id }), way: 'related' })
    case 'microsoft.graph.group':
      // Groups that the reader is not in and may not see were left out before.
      return groupView(person, policy, { way: 'related', isMember: true, hidesMembership })
    case 'microsoft.graph.directoryRole':
      return 'everything'
    default:
      return levelOf(person, policy) === 'restricted' ? ID_ONLY : 'everything'
  }
}
