import Foundation
import Model
import Testing

@Suite struct WireJSONTests {
  @Test("a time that is read and written again stays what it was, in every millisecond of a second")
  func timesStay() throws {
    for millisecond in 0..<1000 {
      let text = "2026-11-28T01:05:54.\(String(1000 + millisecond).dropFirst())Z"
      #expect(WireJSON.text(of: try #require(WireJSON.date(of: text))) == text)
    }
  }

  @Test(
    "a time is rounded to its millisecond",
    arguments: [(0.999_4, "00.999Z"), (0.999_6, "01.000Z"), (59.999_9, "00.000Z")])
  func rounds(seconds: Double, end: String) {
    #expect(WireJSON.text(of: Date(timeIntervalSince1970: 1_800_000_000 + seconds)).hasSuffix(end))
  }
}
