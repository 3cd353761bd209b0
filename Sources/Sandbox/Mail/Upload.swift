import Foundation
import NIOCore

/// A mail as it came in: its header in memory, its body in a file.
struct Upload: Sendable {
  /// What Gmail takes: 35 MiB of MIME
  /// (https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.drafts/create).
  static let maximumBytes = 36_700_160
  /// Far more than a hundred recipients need; the header is kept in memory.
  static let maximumHeaderBytes = 256 * 1024
  /// More recipients than this are refused by Gmail.
  static let maximumRecipients = 100

  var header: HeaderBlock
  /// Everything after the empty line.
  let body: URL
  /// Length of the mail as uploaded.
  let bytes: Int
  /// Of the mail as uploaded, in hexadecimal.
  let sha256: String
  /// To, Cc and Bcc.
  let recipients: [String]

  /// `X-Invoiced-Key`
  var key: String? { header["X-Invoiced-Key"] }

  /// Reads it from the connection, into a new file of `folder`.
  ///
  /// - Throws: `APIError` for what Gmail refuses, once the client has sent everything; no file is left then.
  static func receive(_ requests: inout RequestStream, into folder: URL) async throws -> Upload {
    var writer = try UploadWriter(folder: folder)
    do {
      while let piece = try await requests.next() { try writer.write(piece) }
      return try writer.finish()
    } catch {
      writer.abandon()
      throw error
    }
  }

  /// The same of a mail that came within JSON.
  static func receive(_ mail: Data, into folder: URL) throws -> Upload {
    var writer = try UploadWriter(folder: folder)
    do {
      try writer.write(ByteBuffer(bytes: mail))
      return try writer.finish()
    } catch {
      writer.abandon()
      throw error
    }
  }

  /// Reads the recipients and checks what Gmail checks when a draft is made.
  init(header: HeaderBlock, body: URL, bytes: Int, sha256: String) throws(APIError) {
    var recipients: [String] = []
    for name in ["To", "Cc", "Bcc"] {
      for value in header.values(name) {
        guard let list = AddressList(value) else { throw .invalidHeader(name) }
        recipients += list.addresses
      }
    }
    guard recipients.count <= Self.maximumRecipients else { throw .tooManyRecipients }
    self.header = header
    self.body = body
    self.bytes = bytes
    self.sha256 = sha256
    self.recipients = recipients
  }

  /// Removes the body when nobody has taken it.
  func discard() {
    try? FileManager.default.removeItem(at: body)
  }
}
