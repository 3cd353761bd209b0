import Files
import Foundation
import Model
import Testing

@testable import Mail

@Suite struct MailBodyTests {
  let fixture: MailFixture

  init() throws { fixture = try MailFixture() }

  private func body(_ attachments: [Model.Attachment]) throws -> MailBody {
    try fixture.encoder().encode(MailFixture.message(attachments: attachments), files: fixture.files)
  }

  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  }

  @Test(
    "the size is known before, whatever the file's size and the reader's buffer",
    arguments: [0, 1, 2, 3, 56, 57, 58, 114, 23_939, 23_940, 23_941, 47_880, 100_000], [1 << 16, 977])
  func size(count: Int, bufferSize: Int) throws {
    let content = Self.bytes(count)
    let body = try body([fixture.attachment("a.bin", content)])
    let mail = try MailFixture.read(body.makeReader(), bufferSize: bufferSize)
    #expect(mail.count == body.sizeInBytes)
    #expect(try body.sha256() == SHA256Hasher.digest(of: mail))
    let text = String(decoding: mail, as: UTF8.self)
    let part = try #require(text.components(separatedBy: "Content-Transfer-Encoding: base64\r\n\r\n").last)
    let encoded = try #require(part.components(separatedBy: "\r\n--=_mixed_").first)
    #expect(encoded.components(separatedBy: "\r\n").dropLast().allSatisfy { $0.utf8.count == 76 })
    #expect(Data(base64Encoded: encoded.replacing("\r\n", with: "")) == Data(content))
  }

  @Test("a reader rewound in the middle hands out the same mail again")
  func rewind() throws {
    let body = try body([fixture.attachment("a.bin", Self.bytes(60_000))])
    let reader = body.makeReader()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 40_000, alignment: 1)
    defer { buffer.deallocate() }
    _ = try reader.read(into: buffer)
    reader.rewind()
    let first = try MailFixture.read(reader)
    reader.rewind()
    #expect(try MailFixture.read(reader) == first)
    #expect(first.count == body.sizeInBytes)
    #expect(try reader.read(into: buffer) == 0)
  }

  @Test(
    "a file that changes between encoding and sending is refused before the mail's end",
    arguments: ["overwritten", "longer", "shorter", "empty"])
  func changed(how: String) throws {
    let content = Self.bytes(100_000)
    let attachment = try fixture.attachment("a.bin", content)
    let body = try body([attachment])
    let path = attachment.file.path
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    switch how {
    case "overwritten":
      try handle.seek(toOffset: 99_999)
      try handle.write(contentsOf: Data([content[99_999] ^ 1]))
    case "longer":
      try handle.seekToEnd()
      try handle.write(contentsOf: Data([0]))
    case "shorter": try handle.truncate(atOffset: 99_000)
    default: try handle.truncate(atOffset: 0)
    }
    let reader = body.makeReader()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
    defer { buffer.deallocate() }
    var count = 0
    let expected = StageError(.fileChanged, "\(path): has changed since it was selected", .reject)
    #expect(throws: expected) {
      while case let got = try reader.read(into: buffer), got > 0 { count += got }
    }
    #expect(count < body.sizeInBytes - 4 * (100_000 % 23_940) / 3)
    #expect(throws: expected) { try reader.read(into: buffer) }
  }

  @Test("a file replaced under its name is sent as it was opened")
  func replaced() throws {
    let attachment = try fixture.attachment("a.bin", Self.bytes(1000))
    let body = try body([attachment])
    try FileManager.default.removeItem(atPath: attachment.file.path)
    try fixture.folder.write("file", Self.bytes(10))
    #expect(try MailFixture.read(body.makeReader()).count == body.sizeInBytes)
  }

  @Test("a file that is not what was selected rejects the message")
  func references() throws {
    var attachment = try fixture.attachment("a.bin", [1, 2, 3])
    attachment.file.sizeInBytes = 4
    #expect(throws: StageError.self) { try body([attachment]) }
    attachment.file.sizeInBytes = 3
    attachment.file.sha256 = SHA256Hasher.digest(of: [])
    let error = #expect(throws: StageError.self) { try body([attachment]) }
    #expect(error?.code == .fileChanged && error?.meaning == .reject)
    attachment.file.path += "-none"
    #expect(throws: StageError(.fileMissing, "\(attachment.file.path): No such file or directory", .reject)) {
      try body([attachment])
    }
    attachment.file.path = "/etc/passwd"
    #expect(throws: StageError(.fileForbidden, "/etc/passwd: not under a permitted folder", .reject)) {
      try body([attachment])
    }
  }

  @Test("the same message makes the same bytes, and boundaries that differ from another's")
  func deterministic() throws {
    let attachment = try fixture.attachment("a.bin", [1])
    let encode = { (text: String) in
      let message = MailFixture.message(text: text, attachments: [attachment])
      return try MailFixture.read(fixture.encoder().encode(message, files: fixture.files).makeReader())
    }
    #expect(try encode("a") == encode("a"))
    let boundary = { (mail: [UInt8]) in String(decoding: mail, as: UTF8.self).firstMatch(of: /=_mixed_\w+/)?.output }
    #expect(try boundary(encode("a")) != boundary(encode("b")))
  }
}
