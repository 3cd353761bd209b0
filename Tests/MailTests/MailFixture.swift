import Files
import Foundation
import Model
import TestSupport

@testable import Mail

/// A folder of files to attach, and the mails made with them.
struct MailFixture {
  static let from = Mailbox(name: "Facturation", address: "facturation@example.be")
  /// 2026-11-22 15:04:05.678 UTC.
  static let date = Date(timeIntervalSince1970: 1_795_359_845.678)

  let folder: TemporaryFolder
  let files: FileRoots

  init() throws {
    folder = try TemporaryFolder()
    files = FileRoots(roots: [folder.resolvedPath], forbidden: [])
  }

  func attachment(
    _ name: String, _ content: [UInt8], contentType: String = "application/pdf", as path: String = "file"
  ) throws -> Attachment {
    let path = try folder.write(path, content)
    let reference = FileReference(
      path: path, sha256: SHA256Hasher.digest(of: content), sizeInBytes: content.count)
    return Attachment(file: reference, name: name, contentType: contentType)
  }

  func encoder(
    from: Mailbox = MailFixture.from, replyTo: [Mailbox] = [], headers: [(String, String)] = [],
    messageID: String? = nil
  ) -> MailEncoder {
    MailEncoder(
      from: from, replyTo: replyTo, date: Self.date, messageID: messageID, headers: headers, keepsBcc: true)
  }

  /// A message with one recipient.
  static func message(
    to: [Mailbox] = [Mailbox(address: "a@b.be")], subject: String = "Facture", text: String = "Bonjour",
    attachments: [Attachment] = []
  ) -> Message {
    Message(to: to, subject: subject, text: text, attachments: attachments)
  }

  /// Reads to the end through a buffer of this size.
  static func read(_ reader: MailReader, bufferSize: Int = 4096) throws -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 1)
    defer { buffer.deallocate() }
    var bytes: [UInt8] = []
    while case let count = try reader.read(into: buffer), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  /// The mail's lines down to the first empty one.
  func headerLines(_ message: Message, headers: [(String, String)] = []) throws -> [String] {
    let bytes = try Self.read(encoder(headers: headers).encode(message, files: files).makeReader())
    let text = String(decoding: bytes, as: UTF8.self)
    return (text.components(separatedBy: "\r\n\r\n").first ?? "").components(separatedBy: "\r\n")
  }
}
