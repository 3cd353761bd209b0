/// Who had a mail sent.
enum Sender: String, Codable, Sendable {
  case api
  case person
}
