export default {
  'attribute.city': 'المدينة',
  'attribute.country': 'البلد/المنطقة',
  'attribute.displayName': 'الاسم المعروض',
  'attribute.givenName': 'الاسم الأول',
  'attribute.jobTitle': 'المسمى الوظيفي',
  'attribute.postalCode': 'الرمز البريدي',
  'attribute.state': 'الولاية/المقاطعة',
  'attribute.streetAddress': 'عنوان الشارع',
  'attribute.surname': 'اسم العائلة',
}
