/// The shape of RFC 6749, section 5.2: `error` is a word.
extension APIError {
  private struct Body: Encodable {
    let error: String
    let description: String

    enum CodingKeys: String, CodingKey {
      case error
      case description = "error_description"
    }
  }

  static func oauth(_ error: String, _ description: String, status: Int) -> APIError {
    APIError(response: .json(Body(error: error, description: description), status: status), reason: error)
  }

  static func invalidGrant(_ description: String) -> APIError { oauth("invalid_grant", description, status: 400) }

  /// A service account that may not act for this mailbox, or not with these scopes.
  static var delegationMissing: APIError {
    oauth(
      "unauthorized_client",
      "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the "
        + "scopes requested.", status: 401)
  }
}
