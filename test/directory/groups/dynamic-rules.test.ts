import fc from 'fast-check'
import t from 'tap'
import { parseRule } from '../../../src/directory/groups/dynamic/rule-parser.js'
import { TEXT_PROPERTIES } from '../../../src/directory/groups/dynamic/rule-tree.js'
import { insertUser } from '../../../src/directory/index.js'
import { startService } from '../../support/service.js'
import { evaluateRule, type RuleUser } from './evaluate-rule.js'
import { type RandomUser, randomRule, randomUser } from './random-rules.js'

const SEED = Number(process.env['FC_SEED'] ?? 20_261_126)

t.test('a membership rule says the same in SQL as in memory', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const users = new Map<string, RuleUser>()
  const [samples] = [fc.sample(randomUser, { seed: SEED, numRuns: 60 })]
  await services.database.withTenant(tenantId, async (scope) => {
    for (const [n, user] of samples.entries()) {
      const id = services.newId()
      const row = rowOf(user, n)
      await insertUser(scope, {
        ...row,
        tenantId,
        id,
        displayName: 'x',
        userPrincipalName: `u${n}@contoso.example`,
        createdDateTime: services.clock(),
      })
      users.set(id, seenBy(user, row))
    }
  })

  async function chosen(rule: string): Promise<string[]> {
    const tree = JSON.stringify(parseRule(rule)).replaceAll("'", "''")
    const [{ condition }] = (await service.rows(`select directory_rule_condition('${tree}') as condition`)) as [
      { condition: string },
    ]
    const rows = await service.rows(
      `select id, ${condition} as verdict from users u where display_name = 'x' order by id`,
    )
    if (rows.some(({ verdict }) => verdict === null)) throw new Error(`${rule} leaves open who is in`)
    return rows.filter(({ verdict }) => verdict).map(({ id }) => id)
  }

  let [none, some] = [0, 0]
  await fc.assert(
    fc.asyncProperty(randomRule, async (rule) => {
      fc.pre(rule.length <= 3_072)
      const tree = parseRule(rule)
      const wanted = [...users].filter(([, user]) => evaluateRule(tree, user)).map(([id]) => id)
      if (wanted.length === 0 || wanted.length === users.size) none += 1
      else some += 1
      return JSON.stringify(await chosen(rule)) === JSON.stringify(wanted.sort())
    }),
    { numRuns: 400, seed: SEED },
  )
  t.ok(some > none, `${some} rules told users apart, ${none} did not`)

  await t.test('every property of a rule is a column', async (t) => {
    for (const name of TEXT_PROPERTIES) t.resolves(chosen(`user.${name} -eq "x"`), name)
    t.equal((await chosen('user.objectId -ne null')).length, users.size)
  })
})

function rowOf(user: RandomUser, n: number) {
  const mail = user.hasMail ? `Ana${n}@partner.example` : null
  return {
    department: user.department,
    jobTitle: user.jobTitle,
    city: user.city,
    companyName: user.companyName,
    mobilePhone: user.mobile,
    businessPhones: user.telephoneNumber === null ? [] : [user.telephoneNumber],
    userType: user.userType,
    accountEnabled: user.accountEnabled,
    creationType: user.isInvited ? 'Invitation' : null,
    mail,
    mailFolded: mail?.toLowerCase() ?? null,
    otherMails: user.otherMails,
  }
}

function seenBy(user: RandomUser, { mail }: { mail: string | null }): RuleUser {
  const { department, jobTitle, city, companyName, mobile, telephoneNumber, userType, accountEnabled } = user
  return {
    texts: { department, jobTitle, city, companyName, mobile, telephoneNumber, userType, mail },
    accountEnabled,
    lists: {
      otherMails: user.otherMails ?? (user.isInvited && mail ? [mail] : []),
      proxyAddresses: mail ? [`SMTP:${mail}`] : [],
    },
  }
}
