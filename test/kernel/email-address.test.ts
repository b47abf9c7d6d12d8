import t from 'tap'
import { maskEmailAddress, parseDomainName, parseEmailAddress } from '../../src/kernel/email-address.js'

const local64 = 'a'.repeat(64)
/** A domain of 253 characters: three labels of 63, one of 61. */
const domain253 = `${['b', 'c', 'd'].map((letter) => letter.repeat(63)).join('.')}.${'e'.repeat(61)}`

t.test('addresses that are taken, and how two of them compare', async (t) => {
  const cases: [title: string, input: string, folded: string][] = [
    ['a plain address', 'ana@partner.example', 'ana@partner.example'],
    ['case does not matter, in either part', 'Ana.Bell@Partner.EXAMPLE', 'ana.bell@partner.example'],
    ['white space around it is dropped', '  ana@partner.example\n', 'ana@partner.example'],
    ['a plus tag stays part of the address', 'ana+guest@partner.example', 'ana+guest@partner.example'],
    ['several plus signs', 'a+b+c@partner.example', 'a+b+c@partner.example'],
    ['every character of RFC 5322 atext', "!#$%&'*+/?=^_`{|}~-@partner.example", "!#$%&'*+/?=^_`{|}~-@partner.example"],
    ['one letter', 'a@b.co', 'a@b.co'],
    ['a local part of 64 characters', `${local64}@partner.example`, `${local64}@partner.example`],
    ['a sub-domain', 'ana@mail.eu.partner.example', 'ana@mail.eu.partner.example'],
    ['digits in labels', 'ana@3com.example', 'ana@3com.example'],
    ['an international domain becomes A-labels', 'ana@bücher.example', 'ana@xn--bcher-kva.example'],
    ['the same domain in A-labels is the same address', 'ana@XN--BCHER-KVA.example', 'ana@xn--bcher-kva.example'],
    ['an international top-level domain', 'ana@例え.テスト', 'ana@xn--r8jz45g.xn--zckzah'],
    ['a domain in decomposed Unicode is the composed one', 'ana@bu\u0308cher.example', 'ana@xn--bcher-kva.example'],
    ['full-width letters map to ASCII as in UTS 46', 'ana@ｐartner.example', 'ana@partner.example'],
    ['a Cyrillic look-alike is another domain', 'ana@раrtner.example', 'ana@xn--rtner-3ve5i.example'],
  ]
  for (const [title, input, folded] of cases) t.equal(parseEmailAddress(input)?.folded, folded, title)
})

t.test('what was written is kept beside the folded form', async (t) => {
  t.match(parseEmailAddress(' Ana+X@BÜCHER.example '), {
    text: 'Ana+X@BÜCHER.example',
    local: 'Ana+X',
    domain: 'xn--bcher-kva.example',
    folded: 'ana+x@xn--bcher-kva.example',
  })
})

t.test('inputs that are no address of one mailbox', async (t) => {
  const cases: [title: string, input: string][] = [
    ['nothing', ''],
    ['white space', '   '],
    ['no at sign', 'partner.example'],
    ['no local part', '@partner.example'],
    ['no domain', 'ana@'],
    ['a domain of one label', 'ana@localhost'],
    ['two at signs', 'ana@bell@partner.example'],
    ['a quoted local part', '"ana bell"@partner.example'],
    ['a quoted local part without blanks', '"ana"@partner.example'],
    ['a comment', 'ana(work)@partner.example'],
    ['a display name', 'Ana <ana@partner.example>'],
    ['two addresses with a comma', 'ana@partner.example,bo@partner.example'],
    ['two addresses with a semicolon', 'ana@partner.example;bo@partner.example'],
    [
      'an encoded word (RFC 2047), which some parsers decode into another address',
      '=?utf-8?q?ana=40evil.example=3e=00?=foo@partner.example',
    ],
    ['an encoded word in the domain', 'ana@=?x?q?evil.example=3e?=.partner.example'],
    ['a NUL', 'ana\u0000@partner.example'],
    ['a NUL in the domain', 'ana@partner.example\u0000.evil.example'],
    ['CR LF and a header', 'ana@partner.example\r\nBcc: eve@evil.example'],
    ['CR LF in the local part', 'ana\r\nBcc:eve@partner.example'],
    ['a tab inside', 'ana\t@partner.example'],
    ['a blank inside', 'ana bell@partner.example'],
    ['a dot first', '.ana@partner.example'],
    ['a dot last', 'ana.@partner.example'],
    ['two dots', 'ana..bell@partner.example'],
    ['a label that starts with a hyphen', 'ana@-partner.example'],
    ['a label that ends with a hyphen', 'ana@partner-.example'],
    ['an empty label', 'ana@partner..example'],
    ['a dot at the end of the domain', 'ana@partner.example.'],
    ['a dot at the start of the domain', 'ana@.partner.example'],
    ['an underscore in the domain', 'ana@part_ner.example'],
    ['an IPv4 address', 'ana@192.0.2.1'],
    ['an IPv4 address in hexadecimal', 'ana@0xc0000201'],
    ['an IPv4 address in few parts', 'ana@192.513'],
    ['an address literal', 'ana@[192.0.2.1]'],
    ['an IPv6 literal', 'ana@[IPv6:2001:db8::1]'],
    ['a port', 'ana@partner.example:25'],
    ['a path', 'ana@partner.example/evil'],
    ['a query', 'ana@partner.example?x'],
    ['a fragment', 'ana@partner.example#x'],
    ['a percent sequence in the domain', 'ana@partner%2eexample'],
    ['a backslash', 'ana@partner.example\\evil'],
    ['letters beyond ASCII in the local part', 'anä@partner.example'],
    ['a Cyrillic look-alike in the local part', 'аna@partner.example'],
    ['a right-to-left mark', 'ana\u202e@partner.example'],
    ['an ideographic full stop', 'ana@partner\u3002example'],
    ['a full-width full stop', 'ana@partner\uff0eexample'],
    ['a half-width ideographic full stop', 'ana@partner\uff61example'],
    ['a local part of 65 characters', `${local64}a@partner.example`],
    ['255 characters', `${'a'.repeat(2)}@${domain253}`],
    ['more than 320 characters', `${local64}@${domain253}.example`],
    ['a label of 64 characters', `ana@${'b'.repeat(64)}.example`],
    ['a source route', '@evil.example:ana@partner.example'],
  ]
  for (const [title, input] of cases) t.equal(parseEmailAddress(input), undefined, title)
})

t.test('the longest address is 254 characters', async (t) => {
  const domain = domain253.slice(0, 189)
  t.equal(parseEmailAddress(`${local64}@${domain}`)?.folded.length, 254)
  t.equal(parseEmailAddress(`${local64}@${domain}e`), undefined)
})

t.test('a megabyte of any shape is refused before any pattern runs', async (t) => {
  // Were a pattern run on these, one of them would take minutes and the test its timeout.
  for (const unit of ['a', 'a.', '@', 'a@', '.', '-', 'ü', '%', '=?', '"'])
    t.equal(parseEmailAddress(unit.repeat(1_000_000)), undefined, unit)
})

t.test('the longest inputs that reach the patterns are judged in linear time', async (t) => {
  for (let turn = 0; turn < 2_000; turn++) {
    parseEmailAddress(`${'a.'.repeat(32)}@${'b-'.repeat(100)}.example`)
    parseEmailAddress(`${'a'.repeat(64)}@${'b.'.repeat(126)}`)
    parseDomainName(`${'a-'.repeat(126)}`)
  }
  t.pass('done')
})

t.test('domain names alone follow the same rule', async (t) => {
  t.equal(parseDomainName('Partner.Example'), 'partner.example')
  t.equal(parseDomainName('STRASSE.example'), 'strasse.example')
  t.equal(parseDomainName('straße.example'), 'xn--strae-oqa.example', 'no transitional mapping')
  for (const bad of [
    '',
    'example',
    '*.example',
    'a b.example',
    'https://a.example',
    'a.example/',
    'a.123',
    'user@a.example',
  ])
    t.equal(parseDomainName(bad), undefined, bad)
})

t.test('a masked address tells the first character and the domain, and not how long the rest is', async (t) => {
  t.equal(maskEmailAddress('gita@proseware.example'), 'g•••@proseware.example')
  t.equal(maskEmailAddress('g@proseware.example'), 'g•••@proseware.example')
})
