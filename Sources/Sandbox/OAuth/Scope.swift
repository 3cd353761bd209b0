/// The OAuth scopes of Gmail, as they stand in tokens.
enum Scope {
  static let prefix = "https://www.googleapis.com/auth/"
  static let compose = prefix + "gmail.compose"
  static let modify = prefix + "gmail.modify"
  static let send = prefix + "gmail.send"
  static let readonly = prefix + "gmail.readonly"
  static let metadata = prefix + "gmail.metadata"
  static let full = "https://mail.google.com/"
}
