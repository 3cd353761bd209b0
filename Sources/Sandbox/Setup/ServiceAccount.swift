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
