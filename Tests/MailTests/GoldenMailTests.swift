import Foundation
import Testing

@testable import Mail

/// Golden mails: `UPDATE_GOLDEN=1 swift test --filter GoldenMailTests` writes them anew; read the difference.
@Suite struct GoldenMailTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/mails").standardizedFileURL
  static let updates = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

  @Test("a mail is byte for byte what it was", arguments: GoldenMail.all)
  func bytes(golden: GoldenMail) throws {
    let body = try golden.encode(MailFixture())
    let mail = Data(try MailFixture.read(body.makeReader()))
    let file = Self.folder.appending(path: "\(golden.name).eml")
    let expectation = Self.folder.appending(path: "\(golden.name).json")
    if Self.updates {
      try mail.write(to: file)
      try golden.expectation().write(to: expectation)
    }
    #expect(try mail == Data(contentsOf: file))
    #expect(try golden.expectation() == Data(contentsOf: expectation))
    #expect(mail.count == body.sizeInBytes)
  }

  @Test("Python's email package reads the same names, addresses, texts and bytes out of it", arguments: GoldenMail.all)
  func python(golden: GoldenMail) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", Self.folder.appending(path: "check.py").path, Self.folder.appending(path: "\(golden.name).eml").path,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }
}
