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
