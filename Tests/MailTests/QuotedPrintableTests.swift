import Foundation
import Testing

@testable import Mail

@Suite struct QuotedPrintableTests {
  private func encode(_ text: String) -> String {
    String(decoding: QuotedPrintable.encode(Array(text.utf8)), as: UTF8.self)
  }

  @Test(
    "what may not stand for itself is escaped",
    arguments: [
      ("a=b", "a=3Db"), ("été", "=C3=A9t=C3=A9"), ("a \r\nb\t", "a=20\r\nb=09"), ("a\0b", "a=00b"),
      (".\r\n.x", "=2E\r\n=2Ex"), ("From me\r\nFromage", "=46rom me\r\nFromage"), ("", ""), ("\r\n\r\n", "\r\n\r\n"),
    ])
  func escapes(text: String, encoded: String) {
    #expect(encode(text) == encoded)
  }

  @Test("no line is longer than 76 characters, and no escape is broken")
  func lines() {
    #expect(encode(String(repeating: "a", count: 76)) == String(repeating: "a", count: 76))
    #expect(encode(String(repeating: "a", count: 77)) == String(repeating: "a", count: 75) + "=\r\naa")
    for offset in 0..<6 {
      let lines = encode(String(repeating: "a", count: offset) + String(repeating: "é", count: 200))
        .components(separatedBy: "\r\n")
      #expect(lines.allSatisfy { $0.utf8.count <= 76 })
      #expect(lines.dropLast().allSatisfy { $0.wholeMatch(of: /(a|=[0-9A-F]{2})+=/) != nil })
    }
  }
}
