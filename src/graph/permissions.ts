/**
 * A permission of the Graph service. The ids are Graph's own, the same in every tenant: clients list them in
 * `requiredResourceAccess` and `appRoleAssignments`. A kind without an id cannot be granted.
 */
export type Permission = {
  name: string
  /** `appRole.id`: what an application may do in its own name. */
  application?: string
  /** `oauth2PermissionScope.id`: what an application may do for a signed-in person. */
  delegated?: string
}

// Names and ids: microsoft-graph-devx-content, permissions/new/provisioningInfo.json.
export const permissions: readonly Permission[] = [
  { name: 'User.Read', delegated: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d' },
  { name: 'User.ReadWrite', delegated: 'b4e74841-8e56-480b-be8b-910348b18b4c' },
  {
    name: 'User.ReadBasic.All',
    application: '97235f07-e226-4f63-ace3-39588e11d3a1',
    delegated: 'b340eb25-3456-403f-be2f-af7a0d370277',
  },
  {
    name: 'User.Read.All',
    application: 'df021288-bdef-4463-88db-98f22de89214',
    delegated: 'a154be20-db9c-4678-8ab7-66f6cc099a59',
  },
  {
    name: 'User.ReadWrite.All',
    application: '741f803b-c850-494e-b5df-cde7c675a1ca',
    delegated: '204e0828-b5ca-4ad8-b9f3-f32a958e7cc4',
  },
  {
    name: 'User.Invite.All',
    application: '09850681-111b-4a89-9bed-3f2cae46d706',
    delegated: '63dd7cd9-b489-4adf-a28c-ac38b9a0f962',
  },
  {
    name: 'User.EnableDisableAccount.All',
    application: '3011c876-62b7-4ada-afa2-506cbbecc68c',
    delegated: 'f92e74e7-2563-467f-9dd0-902688cb5863',
  },
  {
    name: 'User.DeleteRestore.All',
    application: 'eccc023d-eccf-4e7b-9683-8813ab36cecc',
    delegated: '4bb440cd-2cf2-4f90-8004-aa2acd2537c5',
  },
  {
    name: 'User.RevokeSessions.All',
    application: '77f3a031-c388-4f99-b373-dc68676a979e',
    delegated: 'fc30e98b-8810-4501-81f5-c20a3196387b',
  },
  {
    name: 'User.ManageIdentities.All',
    application: 'c529cfca-c91b-489c-af2b-d92990b66ce6',
    delegated: '637d7bec-b31e-4deb-acc9-24275642a2c9',
  },
  { name: 'UserAuthenticationMethod.Read', delegated: '1f6b61c5-2f65-4135-9c9f-31c0f8d32b52' },
  { name: 'UserAuthenticationMethod.ReadWrite', delegated: '48971fc1-70d7-4245-af77-0beb29b53ee2' },
  {
    name: 'UserAuthenticationMethod.Read.All',
    application: '38d9df27-64da-44fd-b7c5-a6fbac20248f',
    delegated: 'aec28ec7-4d02-4e8c-b864-50163aea77eb',
  },
  {
    name: 'UserAuthenticationMethod.ReadWrite.All',
    application: '50483e42-d915-4231-9639-7fdb7fd190e5',
    delegated: 'b7887744-6746-4312-813d-72daeaee7e2d',
  },
  {
    name: 'Directory.Read.All',
    application: '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
    delegated: '06da0dbc-49e2-44d2-8312-53f166ab848a',
  },
  {
    name: 'Directory.ReadWrite.All',
    application: '19dbc75e-c2e2-444c-a770-ec69d8559fc7',
    delegated: 'c5366453-9fb0-48a5-a156-24f0c49a4b84',
  },
  { name: 'Group.Create', application: 'bf7b1a76-6e77-406b-b258-bf5c7720e98f' },
  {
    name: 'Group.ReadBasic.All',
    application: '07d67222-3a10-4d3b-9ddc-b8aa43198a00',
    delegated: 'ba1917bc-a64b-4c71-b66d-229d4a520e66',
  },
  {
    name: 'Group.Read.All',
    application: '5b567255-7703-4780-807c-7be8301ae99b',
    delegated: '5f8c59db-677d-491f-a6b8-5f174b11ec1d',
  },
  {
    name: 'Group.ReadWrite.All',
    application: '62a82d76-70ea-41e2-9197-370581804d09',
    delegated: '4e46008b-f24c-477d-8fff-7bb4ec7aafe0',
  },
  {
    name: 'GroupMember.ReadBasic.All',
    application: '8222c640-cae5-4860-8d11-b32cfad95e03',
    delegated: '28539367-358c-4ed9-b7f0-793eccb8fd34',
  },
  {
    name: 'GroupMember.Read.All',
    application: '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    delegated: 'bc024368-1153-4739-b217-4326f2e966d0',
  },
  {
    name: 'GroupMember.ReadWrite.All',
    application: 'dbaae8cf-10b5-4b86-a4a1-f871c94c6695',
    delegated: 'f81125ac-d3b7-4573-a3b2-7099cc39df9e',
  },
  {
    name: 'Member.Read.Hidden',
    application: '658aa5d8-239f-45c4-aa12-864f4fc7e490',
    delegated: 'f6a3db3e-f7e8-4ed2-a414-557c8c9830be',
  },
  {
    name: 'Application.Read.All',
    application: '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
    delegated: 'c79f8feb-a9db-4090-85f9-90d820caa0eb',
  },
  {
    name: 'Application.ReadWrite.All',
    application: '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
    delegated: 'bdfbf15f-ee85-4955-8675-146e8e5296b5',
  },
  { name: 'Application.ReadWrite.OwnedBy', application: '18a4783c-866b-4cc7-a460-3d5e5662c884' },
  {
    name: 'AppRoleAssignment.ReadWrite.All',
    application: '06b708a9-e830-4db3-a914-8e69da51d44f',
    delegated: '84bccea3-f856-4a8a-967b-dbe0a3d53a64',
  },
  {
    name: 'DelegatedPermissionGrant.ReadWrite.All',
    application: '8e8e4742-1d95-4f68-9d56-6ee75648c72a',
    delegated: '41ce6ca6-6826-4807-84f1-1c82854f7ee5',
  },
  {
    name: 'RoleManagement.Read.Directory',
    application: '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
    delegated: '741c54c3-0c1e-44a1-818b-3f97ab4e8c83',
  },
  {
    name: 'RoleManagement.ReadWrite.Directory',
    application: '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
    delegated: 'd01b97e9-cbc0-49fe-810a-750afd5527a3',
  },
  {
    name: 'Policy.Read.All',
    application: '246dd0d5-5bd0-4def-940b-0421030a5b68',
    delegated: '572fea84-0151-49b2-9301-11cb16974376',
  },
  {
    name: 'Policy.ReadWrite.Authorization',
    application: 'fb221be6-99f2-473f-bd32-01c6a0e9ca3b',
    delegated: 'edd3c878-b384-41fd-95ad-e7407dd775be',
  },
  {
    name: 'Policy.ReadWrite.ExternalIdentities',
    application: '03cc4f92-788e-4ede-b93f-199424d144a5',
    delegated: 'b5219784-1215-45b5-b3f1-88fe1081f9c0',
  },
  {
    name: 'Policy.ReadWrite.CrossTenantAccess',
    application: '338163d7-f101-4c92-94ba-ca46fe52447c',
    delegated: '014b43d0-6ed4-4fc6-84dc-4b6f7bae7d85',
  },
  {
    name: 'Policy.ReadWrite.AuthenticationFlows',
    application: '25f85f3c-f66c-4205-8cd5-de92dd7f0cec',
    delegated: 'edb72de9-4252-4d03-a925-451deef99db7',
  },
  {
    name: 'Policy.Read.AuthenticationMethod',
    application: '8e3bc81b-d2f3-4b7b-838c-32c88218d2f0',
    delegated: 'a6ff13ac-1851-4993-8ca9-a671d70de2d5',
  },
  {
    name: 'Policy.ReadWrite.AuthenticationMethod',
    application: '29c18626-4985-4dcd-85c0-193eef327366',
    delegated: '7e823077-d88e-468f-a337-e18f1f0e6c7c',
  },
  {
    name: 'Policy.ReadWrite.ConditionalAccess',
    application: '01c0a623-fc9b-48e9-b794-0756f8e8f067',
    delegated: 'ad902697-1014-4ef5-81ef-2b4301988e8c',
  },
  {
    name: 'IdentityProvider.Read.All',
    application: 'e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0',
    delegated: '43781733-b5a7-4d1b-98f4-e8edff23e1a9',
  },
  {
    name: 'IdentityProvider.ReadWrite.All',
    application: '90db2b9a-d928-4d33-a4dd-8442ae3d41e4',
    delegated: 'f13ce604-1677-429f-90bd-8a10b9f01325',
  },
  {
    name: 'APIConnectors.Read.All',
    application: 'b86848a7-d5b1-41eb-a9b4-54a4e6306e97',
    delegated: '1b6ff35f-31df-4332-8571-d31ea5a4893f',
  },
  {
    name: 'APIConnectors.ReadWrite.All',
    application: '1dfe531a-24a6-4f1b-80f4-7a0dc5a0a171',
    delegated: 'c67b52c5-7c69-48b6-9d48-7b3af3ded914',
  },
  {
    name: 'IdentityUserFlow.Read.All',
    application: '1b0c317f-dd31-4305-9932-259a8b6e8099',
    delegated: '2903d63d-4611-4d43-99ce-a33f3f52e343',
  },
  {
    name: 'IdentityUserFlow.ReadWrite.All',
    application: '65319a09-a2be-469d-8782-f6b07debf789',
    delegated: '281892cc-4dbf-4e3a-b6cc-b21029bb4e82',
  },
  {
    name: 'Domain.Read.All',
    application: 'dbb9058a-0e50-45d7-ae91-66909b5d4664',
    delegated: '2f9ee017-59c1-4f1d-9472-bd5529a7b311',
  },
  {
    name: 'Domain.ReadWrite.All',
    application: '7e05723c-0bb0-42da-be95-ae9f08a6e53c',
    delegated: '0b5d694c-a244-4bde-86e6-eb5cd07730fe',
  },
  {
    name: 'Domain-InternalFederation.Read.All',
    application: 'c0e5a7b0-e8b7-40a7-b8e0-8249e6ea81d5',
    delegated: '33203a2a-a761-40f0-8a7c-a7e74a9f8ac6',
  },
  {
    name: 'Domain-InternalFederation.ReadWrite.All',
    application: '64d40371-8d58-4270-bc8a-b4a66de36b9a',
    delegated: '857bd3ea-490e-4284-88a7-a7de1893b6ee',
  },
  {
    name: 'Organization.Read.All',
    application: '498476ce-e0fe-48b0-b801-37ba7e2685c6',
    delegated: '4908d5b9-3fb2-4b1e-9336-1888b7937185',
  },
  {
    name: 'Organization.ReadWrite.All',
    application: '292d869f-3427-49a8-9dab-8c70152b74e9',
    delegated: '46ca0847-7e6b-426e-9775-ea810a948356',
  },
  {
    name: 'CrossTenantInformation.ReadBasic.All',
    application: 'cac88765-0581-4025-9725-5ebc13f729ee',
    delegated: '81594d25-e88e-49cf-ac8c-fecbff49f994',
  },
  {
    name: 'AuditLog.Read.All',
    application: 'b0afded3-3588-46d8-8b3d-9842eff778da',
    delegated: 'e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20',
  },
  {
    name: 'EntitlementManagement.Read.All',
    application: 'c74fd47d-ed3c-45c3-9a9e-b8676de685d2',
    delegated: '5449aa12-1393-4ea2-a7c7-d0e06c1a56b2',
  },
  {
    name: 'EntitlementManagement.ReadWrite.All',
    application: '9acd699f-1e81-4958-b001-93b1d2506e19',
    delegated: 'ae7a573d-81d7-432b-ad44-4ed5c9d89038',
  },
  { name: 'EntitlementMgmt-SubjectAccess.ReadWrite', delegated: 'e9fdcbbb-8807-410f-b9ec-8d5468c7c2ac' },
]

/** The names an application can be granted in its own name (the `roles` claim), in the order of the list. */
export const applicationPermissions: readonly string[] = permissions
  .filter((permission) => permission.application !== undefined)
  .map((permission) => permission.name)

/** The names that can be granted for a signed-in person (the `scp` claim). */
export const delegatedPermissions: readonly string[] = permissions
  .filter((permission) => permission.delegated !== undefined)
  .map((permission) => permission.name)

/** Whether `name` is an application permission the service knows. Names are compared as they are written. */
export function isApplicationPermission(name: string): boolean {
  return applicationPermissions.includes(name)
}
