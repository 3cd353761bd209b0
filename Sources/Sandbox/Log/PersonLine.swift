/// `person`: somebody touched a draft in Gmail's own pages.
struct PersonLine: Encodable {
  let did: String
  let draft: String
  let message: String
}
