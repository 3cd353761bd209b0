/// The file that `gcloud auth application-default login` writes; it names no token_uri.
struct AuthorizedUser: Codable {
  var type = "authorized_user"
  var clientID = "\(Identifier.digits(12))-sandbox.apps.googleusercontent.com"
  var clientSecret = "GOCSPX-" + Identifier.hex(14)
  var refreshToken = "1//sandbox-" + Identifier.hex(24)

  enum CodingKeys: String, CodingKey {
    case type
    case clientID = "client_id"
    case clientSecret = "client_secret"
    case refreshToken = "refresh_token"
  }
}
