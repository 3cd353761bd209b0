import Files
import Foundation
import Model
import Transfer

/// A credential file as users have it already; it is never written back.
///
/// Read are: `authorized_user` (gcloud, application default credentials), google-auth's `token.json` (without a `type`)
/// and `service_account` keys. A `client_secret_*.json` is no credential yet, and is refused with the way on.
package struct CredentialFile: Sendable {
  /// Such files take 1 to 3 KiB.
  static let maximumSizeInBytes = 64 << 10
  /// Between the values of JSON (RFC 8259, section 2).
  private static let whiteSpace = Set(" \t\r\n".utf8)

  private struct Fields: Decodable {
    struct Client: Decodable {}

    var type: String?
    var client_id: String?
    var client_secret: String?
    var refresh_token: String?
    var token_uri: String?
    var client_email: String?
    var private_key_id: String?
    var private_key: String?
    var installed: Client?
    var web: Client?
  }

  private let path: String
  private let tokenURI: TrustedURL?
  private let allowsLoopback: Bool

  /// - Parameter tokenURI: instead of the file's.
  package init(path: String, tokenURI: TrustedURL? = nil, allowsLoopback: Bool = false) {
    self.path = path
    self.tokenURI = tokenURI
    self.allowsLoopback = allowsLoopback
  }

  /// Reads the file, on `IOThread`.
  ///
  /// Errors hold the sender and name the file and the field, never a value: `.credentialMissing` when there is no such
  /// file or nothing but white space in it, else `.credentialInvalid`; also where its group or everybody may write it,
  /// because whoever can put another account's credential there reads all invoices that are sent.
  package func read() async throws(StageError) -> Credential {
    let path = path
    let bytes = try await IOThread.run { () throws(StageError) in try Self.bytes(of: path) }
    return try credential(from: bytes)
  }

  private static func bytes(of path: String) throws(StageError) -> Data {
    do {
      let file = try SmallFile(reading: path, maximumSizeInBytes: maximumSizeInBytes)
      try refuseWritable(file.mode, path)
      return Data(file.bytes)
    } catch {
      if let error = error as? StageError { throw error }
      guard (error as? SmallFileError)?.isMissing != true else {
        throw StageError(.credentialMissing, path, .hold(.sender))
      }
      throw StageError(.credentialInvalid, "\(error)", .hold(.sender))
    }
  }

  /// By the mode of the very file that was read.
  private static func refuseWritable(_ mode: mode_t, _ path: String) throws(StageError) {
    guard mode & (S_IWGRP | S_IWOTH) != 0 else { return }
    let mode = String(mode & 0o777, radix: 8)
    throw StageError(
      .credentialInvalid, "\(path): others than its owner may write it (mode \(mode)); chmod go-w, and look at it",
      .hold(.sender))
  }

  /// The credential in the bytes of such a file; errors as with `read`.
  package func credential(from bytes: Data) throws(StageError) -> Credential {
    // SetCredential= of systemd.exec(5) stands for a missing file, and systemd 252 takes no empty one.
    guard !bytes.allSatisfy(Self.whiteSpace.contains) else {
      throw StageError(.credentialMissing, path, .hold(.sender))
    }
    guard bytes.count <= Self.maximumSizeInBytes else { throw invalid("is no credential: it is too long") }
    let fields: Fields
    do {
      fields = try JSONDecoder().decode(Fields.self, from: bytes)
    } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
      throw invalid("\(context.codingPath[0].stringValue) has the wrong type")
    } catch {
      throw invalid("is no JSON object")
    }
    switch fields.type {
    case "service_account":
      return .serviceAccount(
        email: try require(fields.client_email, "client_email"), keyID: fields.private_key_id,
        privateKey: Secret(try require(fields.private_key, "private_key")), tokenURI: try uri(fields.token_uri))
    case "authorized_user", nil:
      if fields.refresh_token == nil, fields.installed != nil || fields.web != nil {
        throw invalid(
          "is the secret of an OAuth client; it has to be traded for a refresh token first (docs/operations.md)")
      }
      return .refreshToken(
        clientID: try require(fields.client_id, "client_id"),
        clientSecret: Secret(try require(fields.client_secret, "client_secret")),
        refreshToken: Secret(try require(fields.refresh_token, "refresh_token")),
        tokenURI: try uri(fields.token_uri))
    case let type?:
      let shown = String(Substring(type.unicodeScalars.prefix(40)))
      throw invalid("type is \"\(shown)\"; authorized_user and service_account are understood")
    }
  }

  private func require(_ value: String?, _ name: String) throws(StageError) -> String {
    guard let value, !value.isEmpty else { throw invalid("\(name) is missing") }
    return value
  }

  private func uri(_ text: String?) throws(StageError) -> TrustedURL {
    if let tokenURI { return tokenURI }
    guard let text else { return .googleToken }
    guard let uri = TrustedURL(text, allowsLoopback: allowsLoopback) else {
      throw invalid("token_uri is no https address")
    }
    return uri
  }

  private func invalid(_ text: String) -> StageError {
    StageError(.credentialInvalid, "\(path): \(text)", .hold(.sender))
  }
}
