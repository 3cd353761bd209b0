import Foundation

/// The credential files that a user of Gmail would have, made for this sandbox.
///
/// Secrets are made at the first start and kept; the files are written anew at each start, for the address changes.
struct Credentials: Sendable {
  let clientID: String
  let clientSecret: String
  let refreshToken: String
  let serviceAccount: String
  let keyID: String
  let serviceKey: RSAPublicKey
  let tokenURI: String

  init(in folder: StateFolder, tokenURI: String) async throws {
    self.tokenURI = tokenURI
    let user = folder.file("authorized_user.json")
    let known = try? JSONDecoder().decode(AuthorizedUser.self, from: Data(contentsOf: user))
    let authorizedUser = known ?? AuthorizedUser()
    clientID = authorizedUser.clientID
    clientSecret = authorizedUser.clientSecret
    refreshToken = authorizedUser.refreshToken
    try Self.write(authorizedUser, to: user)

    let key = folder.file("service_account.key")
    if !folder.has("service_account.key") {
      try await OpenSSLTool.run(
        ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key.path])
    }
    let pem = try String(contentsOf: key, encoding: .utf8)
    let account = ServiceAccount(privateKey: pem, tokenURI: tokenURI)
    serviceAccount = account.clientEmail
    keyID = account.privateKeyID
    serviceKey = try RSAPublicKey(ofPrivateKey: pem)
    try Self.write(account, to: folder.file("service_account.json"))
  }

  private static func write(_ value: some Encodable, to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(value).write(to: file, options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
  }
}

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

/// The key file of a service account as Google's console hands it out.
struct ServiceAccount: Codable {
  var type = "service_account"
  var projectID = "invoiced-sandbox"
  var privateKeyID = "5a4d0b0c00000000000000000000000000000001"
  /// PKCS#8, PEM.
  var privateKey: String
  var clientEmail = "mailer@invoiced-sandbox.iam.gserviceaccount.com"
  var clientID = "100000000000000000001"
  var tokenURI: String

  enum CodingKeys: String, CodingKey {
    case type
    case projectID = "project_id"
    case privateKeyID = "private_key_id"
    case privateKey = "private_key"
    case clientEmail = "client_email"
    case clientID = "client_id"
    case tokenURI = "token_uri"
  }
}
