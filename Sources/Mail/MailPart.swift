import Files
import Foundation
import Model

/// A part of a mail (RFC 2045, RFC 2046): its MIME headers and its body, nested parts inside.
struct MailPart {
  private let header: String
  private let body: [MailBody.Segment]

  /// The part behind the headers that stand above it.
  func segments(after text: String = "") -> [MailBody.Segment] {
    [.bytes(Array((text + header + "\r\n").utf8))] + body
  }

  /// UTF-8 in quoted-printable, or in base64 where most of it would be escapes. Any line break becomes CRLF.
  static func text(_ text: String, _ type: String) throws(StageError) -> MailPart {
    let bytes = Array(withLineBreaks(text))
    let escaped = bytes.count { !$0.isPrintable && $0 != UInt8(ascii: " ") && $0 != 13 && $0 != 10 }
    let isQuoted = escaped * 3 <= bytes.count
    var header = HeaderWriter()
    try header.add("Content-Type", type, parameters: ["charset=UTF-8"])
    try header.add("Content-Transfer-Encoding", isQuoted ? "quoted-printable" : "base64")
    let encoded = isQuoted ? QuotedPrintable.encode(bytes) : Array(Base64Lines.encode(Data(bytes)))
    return MailPart(header: header.text, body: [.bytes(encoded)])
  }

  /// The file must have been compared with its reference.
  static func attachment(_ attachment: Attachment, _ file: OpenFile) throws(StageError) -> MailPart {
    let type = attachment.contentType.split(separator: "/", omittingEmptySubsequences: false)
    // RFC 2045, section 5.1: two tokens, which are atoms without a few characters.
    let isToken = { (text: Substring) in
      !text.isEmpty && text.unicodeScalars.allSatisfy { $0.isAtomText && !"/?=".unicodeScalars.contains($0) }
    }
    guard type.count == 2, type.allSatisfy(isToken) else {
      throw StageError(.invalidHeader, "Content-Type", .reject)
    }
    guard !attachment.name.unicodeScalars.contains(where: \.isControl) else {
      throw StageError(.invalidHeader, "Content-Disposition", .reject)
    }
    let name = AttachmentName(attachment.name)
    var header = HeaderWriter()
    try header.add("Content-Type", attachment.contentType, parameters: ["name=\"\(name.asciiName)\""])
    try header.add("Content-Disposition", "attachment", parameters: name.dispositionParameters)
    try header.add("Content-Transfer-Encoding", "base64")
    return MailPart(header: header.text, body: [.base64(file, sha256: attachment.file.sha256)])
  }

  /// `=_` stands in no quoted-printable or base64 text (RFC 2045, section 6.7), so the boundary is in no part.
  static func multipart(_ subtype: String, _ marker: String, _ parts: [MailPart]) throws(StageError) -> MailPart {
    let boundary = "=_\(subtype)_\(marker)"
    var header = HeaderWriter()
    try header.add("Content-Type", "multipart/\(subtype)", parameters: ["boundary=\"\(boundary)\""])
    var body: [MailBody.Segment] = []
    for (index, part) in parts.enumerated() {
      body += part.segments(after: (index == 0 ? "" : "\r\n") + "--\(boundary)\r\n")
    }
    body.append(.bytes(Array("\r\n--\(boundary)--\r\n".utf8)))
    return MailPart(header: header.text, body: body)
  }

  private static func withLineBreaks(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count)
    var previous: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case 10 where previous == 13: break
      case 10, 13: output += [13, 10]
      default: output.append(byte)
      }
      previous = byte
    }
    return output
  }
}
