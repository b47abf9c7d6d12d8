import type { Exchange, GoldenError } from './exchange.js'
import { all, EVENTUAL } from './group-exchanges.js'
import { bad, denied, ENTITY, gone, made, needs, notFound, OBJECT, privileged, reference } from './user-exchanges.js'

const meNeedsPerson: GoldenError = {
  code: 'BadRequest',
  message: '/me request is only valid with delegated authentication flow.',
  inner: 'meNeedsPerson',
}

export const relating: Exchange[] = [
  {
    title: 'no manager',
    given: all(made('joe'), made('kim')),
    ask: 'GET /users/{joe}/manager',
    status: 404,
    error: notFound('manager', 'relationEmpty'),
  },
  {
    title: 'no manager to take away',
    ask: 'DELETE /users/{joe}/manager/$ref',
    status: 404,
    error: notFound('manager', 'relationEmpty'),
  },
  { title: 'setting a manager', ask: 'PUT /users/{joe}/manager/$ref', body: reference('kim'), status: 204 },
  {
    title: 'the manager',
    ask: 'GET /users/{joe}/manager',
    status: 200,
    names: OBJECT,
    context: '$metadata#directoryObjects/$entity',
    is: { '@odata.type': '#microsoft.graph.user', id: '{kim}', displayName: 'kim' },
  },
  {
    title: 'where the manager is',
    ask: 'GET /users/{joe}/manager/$ref',
    status: 200,
    names: ['@odata.context', '@odata.id'],
    context: '$metadata#$ref',
    is: { '@odata.id': '{baseUrl}/v1.0/directoryObjects/{kim}' },
  },
  {
    title: 'the manager, expanded',
    ask: 'GET /users/{joe}?$select=id&$expand=manager($select=id)',
    status: 200,
    names: ['@odata.context', 'id', 'manager'],
    is: { id: '{joe}', manager: { '@odata.type': '#microsoft.graph.user', id: '{kim}' } },
  },
  {
    title: 'those who report to them',
    ask: 'GET /users/{kim}/directReports?$select=id',
    status: 200,
    names: ['@odata.context', 'value'],
    context: '$metadata#directoryObjects(id)',
    is: { value: [{ '@odata.type': '#microsoft.graph.user', id: '{joe}' }] },
  },
  {
    title: 'their own manager',
    ask: 'PUT /users/{joe}/manager/$ref',
    body: reference('joe'),
    status: 400,
    error: bad('ownManager', 'manager', 'manager: nobody is their own manager.'),
  },
  {
    title: 'a manager who is not there',
    ask: 'PUT /users/{joe}/manager/$ref',
    body: reference('unknown'),
    status: 404,
    error: notFound('{unknown}', 'referenceNotFound'),
  },
  { title: 'taking the manager away', ask: 'DELETE /users/{joe}/manager/$ref', status: 204 },
  { title: 'adding a sponsor', ask: 'POST /users/{joe}/sponsors/$ref', body: reference('kim'), status: 204 },
  {
    title: 'adding them again',
    ask: 'POST /users/{joe}/sponsors/$ref',
    body: reference('kim'),
    status: 400,
    error: bad(
      'referenceExists',
      'sponsors',
      "One or more added object references already exist for the following modified properties: 'sponsors'.",
    ),
  },
  {
    title: 'sponsors',
    ask: 'GET /users/{joe}/sponsors?$select=id,displayName',
    status: 200,
    context: '$metadata#directoryObjects(id,displayName)',
    is: { value: [{ '@odata.type': '#microsoft.graph.user', id: '{kim}', displayName: 'kim' }] },
  },
  {
    title: 'where sponsors are',
    ask: 'GET /users/{joe}/sponsors/$ref',
    status: 200,
    context: '$metadata#Collection($ref)',
    is: { value: [{ '@odata.id': '{baseUrl}/v1.0/directoryObjects/{kim}' }] },
  },
  {
    title: 'those they answer for, cast',
    ask: 'GET /users/{kim}/sponsorOf/microsoft.graph.user?$select=id',
    status: 200,
    context: '$metadata#users(id)',
    is: { value: [{ id: '{joe}' }] },
  },
  { title: 'removing a sponsor', ask: 'DELETE /users/{joe}/sponsors/{kim}/$ref', status: 204 },
  {
    title: 'removing them again',
    ask: 'DELETE /users/{joe}/sponsors/$ref?@id={baseUrl}/v1.0/directoryObjects/{kim}',
    status: 404,
    error: notFound('{kim}', 'referenceNotFound'),
  },
  {
    title: 'the sponsors of nobody',
    ask: 'GET /users/{unknown}/sponsors',
    status: 404,
    error: notFound('{unknown}'),
  },
]

export const oneself: Exchange[] = [
  {
    title: 'who one is',
    ask: 'GET /me',
    as: 'member',
    status: 200,
    names: ENTITY,
    context: '$metadata#users/$entity',
    is: { id: '{member}', userPrincipalName: 'member@contoso.example' },
  },
  {
    title: 'a guest reads themselves, even a restricted one',
    ask: 'GET /me?$select=id,userType',
    as: 'guest',
    status: 200,
    context: '$metadata#users(id,userType)/$entity',
    is: { id: '{guest}', userType: 'Guest' },
  },
  { title: 'changing one’s own words', ask: 'PATCH /me', as: 'member', body: { aboutMe: 'Reads.' }, status: 204 },
  { title: 'no application is anybody', ask: 'GET /me', status: 400, error: meNeedsPerson },
  { title: 'nor has it a manager', ask: 'GET /me/manager', status: 400, error: meNeedsPerson },
  {
    title: 'a restricted guest sees nobody else',
    ask: 'GET /users/{member}',
    as: 'guest',
    status: 404,
    error: notFound('{member}'),
  },
  { title: 'and no list', ask: 'GET /users', as: 'guest', status: 403, error: denied('roleMissing') },
]

const LIST = '/directory/deletedItems/microsoft.graph.user'
export const deleted: Exchange[] = [
  {
    title: 'a deletion by a person without a role',
    given: made('lea'),
    ask: 'DELETE /users/{lea}',
    as: 'member',
    status: 403,
    error: denied('roleMissing'),
  },
  {
    title: 'a deletion of an administrator by an application',
    ask: 'DELETE /users/{helpdesk}',
    status: 403,
    error: privileged('id'),
  },
  {
    title: 'what was deleted',
    given: gone('max'),
    ask: `GET ${LIST}?$select=id,displayName`,
    status: 200,
    names: ['@odata.context', 'value'],
    context: '$metadata#users(id,displayName)',
    is: { value: [{ id: '{max}', displayName: 'max' }] },
  },
  {
    title: 'how many',
    ask: `GET ${LIST}?$count=true&$select=id`,
    headers: EVENTUAL,
    status: 200,
    is: { '@odata.count': 1, value: [{ id: '{max}' }] },
  },
  {
    title: 'one of them, its id in front of its name',
    ask: 'GET /directory/deletedItems/{max}?$select=id,userPrincipalName',
    status: 200,
    names: ['@odata.context', '@odata.type', 'id', 'userPrincipalName'],
    context: '$metadata#directoryObjects(id,userPrincipalName)/$entity',
    is: { '@odata.type': '#microsoft.graph.user', userPrincipalName: '{maxBare}max@contoso.example' },
  },
  { title: 'gone from where it was', ask: 'GET /users/{max}', status: 404, error: notFound('{max}') },
  {
    title: 'nobody who is there',
    ask: 'GET /directory/deletedItems/{member}',
    status: 404,
    error: notFound('{member}', 'deletedItemNotFound'),
  },
  {
    title: 'restoring by a client that only reads',
    ask: 'POST /directory/deletedItems/{max}/restore',
    as: 'readUsersApp',
    status: 403,
    error: needs(
      'User.ReadWrite.All',
      'Directory.ReadWrite.All',
      'User.DeleteRestore.All',
      'Group.ReadWrite.All',
      'Application.ReadWrite.All',
      'Application.ReadWrite.OwnedBy',
    ),
  },
  {
    title: 'restoring',
    ask: 'POST /directory/deletedItems/{max}/restore',
    status: 200,
    names: OBJECT,
    context: '$metadata#directoryObjects/$entity',
    is: { '@odata.type': '#microsoft.graph.user', id: '{max}', userPrincipalName: 'max@contoso.example' },
  },
  {
    title: 'restoring twice',
    ask: 'POST /directory/deletedItems/{max}/restore',
    status: 404,
    error: notFound('{max}', 'deletedItemNotFound'),
  },
  {
    title: 'restoring a name that somebody else has by now',
    given: async (world) => {
      await gone('ned')(world)
      const first = world.facts['ned'] ?? ''
      await made('ned')(world)
      world.facts['firstNed'] = first
    },
    ask: 'POST /directory/deletedItems/{firstNed}/restore',
    status: 400,
    error: bad(
      'valueTaken',
      'userPrincipalName',
      'Another object with the same value for property userPrincipalName already exists.',
      'ObjectConflict',
    ),
  },
  {
    title: 'restoring under another name',
    ask: 'POST /directory/deletedItems/{firstNed}/restore',
    body: { newUserPrincipalName: 'ned.old@contoso.example' },
    status: 200,
    names: OBJECT,
    is: { id: '{firstNed}', userPrincipalName: 'ned.old@contoso.example' },
  },
  { title: 'for good', given: gone('oda'), ask: 'DELETE /directory/deletedItems/{oda}', status: 204 },
  {
    title: 'for good twice',
    ask: 'DELETE /directory/deletedItems/{oda}',
    status: 404,
    error: notFound('{oda}', 'deletedItemNotFound'),
  },
]
