export default {
  'attribute.city': '市区町村',
  'attribute.country': '国/地域',
  'attribute.displayName': '表示名',
  'attribute.givenName': '名',
  'attribute.jobTitle': '役職',
  'attribute.postalCode': '郵便番号',
  'attribute.state': '都道府県',
  'attribute.streetAddress': '番地',
  'attribute.surname': '姓',
}
