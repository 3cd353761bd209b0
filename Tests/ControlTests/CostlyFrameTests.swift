@testable import Control
import Foundation
import NIOCore
import Testing

/// Requests of 64 KiB that are made to cost as much as they can.
@Suite("A request that is costly to read")
struct CostlyFrameTests {
  /// Calls of every method that takes a whole number, with one that is too large behind as many unknown names as fit.
  private static let unknownNames: [String] = {
    let names = (0..<5_500).map { #""n\#($0)":0"# }.joined(separator: ",")
    return [
      ("GetJob", #""job":9223372036854775808"#), ("ListJobs", #""limit":9223372036854775808"#),
      ("ListInvoices", #""limit":9223372036854775808"#), ("ListDeliveries", #""after":9223372036854775808"#),
      ("Watch", #""job":9223372036854775808"#), ("Pause", #""job":9223372036854775808"#),
      ("Retry", #""job":1,"position":9223372036854775808"#), ("Resolve", #""job":9223372036854775808"#),
      ("PlanJob", #""filter":{"limit":9223372036854775808}"#),
      ("Start", #""request":"r","filter":{"limit":9223372036854775808}"#),
    ].map { #"{"method":"io.invoiced.Jobs.\#($0)","parameters":{\#(names),\#($1)}}"# }
  }()

  private static let deep: [String] = ["[]", "1", #""""#, #"{"a":1}"#].flatMap { value in
    [60, 500].map { depth in
      let values = Array(repeating: value, count: 60_000 / (value.utf8.count + 1)).joined(separator: ",")
      let nest = String(repeating: "[", count: depth) + values + String(repeating: "]", count: depth)
      return #"{"method":"io.invoiced.Jobs.GetJob","parameters":{"job":\#(nest)}}"#
    }
  }

  private static let long: [String] = [
    String(repeating: "9", count: 64_000), "1e" + String(repeating: "9", count: 64_000),
    "1." + String(repeating: "1", count: 64_000), "\"" + String(repeating: "\u{301}", count: 30_000) + "\"",
    "{" + String(repeating: #""":0,"#, count: 12_000) + #""":0}"#,
  ].map { #"{"method":"io.invoiced.Jobs.GetJob","parameters":{"job":\#($0)}}"# }

  /// Characters that are made of thousands of others: marks that comparing would sort, flags whose beginning is looked for.
  private static let characters: [String] = [
    String(repeating: "\u{345}\u{323}\u{301}\u{5B0}", count: 7_500),
    String(repeating: "\u{F73}", count: 20_000), String(repeating: "\u{FF9E}\u{301}", count: 12_000),
    String(repeating: "\u{1F1E6}", count: 15_000), String(repeating: "\u{915}\u{94D}", count: 10_000),
    String(repeating: "\u{1F468}\u{200D}", count: 8_500),
  ]

  private static let crowded: [String] = characters.flatMap { text in
    [
      #"{"method":"io.invoiced.Jobs.\#(text)"}"#,
      #"{"method":"io.invoiced.Jobs.GetJob","parameters":{"\#(text)":1}}"#,
      #"{"method":"io.invoiced.Jobs.ListDeliveries","parameters":{"states":["\#(text)"],"limit":true}}"#,
      #"{"method":"io.invoiced.Jobs.PlanJob","parameters":{"filter":{"numbers":["\#(text)"]},"series":1}}"#,
    ]
  }

  /// Reads a request as the server does; nil: it was taken.
  private func refusal(_ frame: String) -> VarlinkError? {
    func decode<M: VarlinkMethod>(_ method: M.Type, _ request: VarlinkRequest) throws {
      _ = try StrictParameters.decode(M.Parameters.self, from: request.parameters)
    }
    do {
      let request = try VarlinkRequest(ByteBuffer(string: frame))
      guard request.interface == "io.invoiced.Jobs",
        let method = JobsInterface.methods.first(where: { $0.name == request.shortName })
      else { return .methodNotFound(request.method) }
      try decode(method, request)
      return nil
    } catch {
      return error as? VarlinkError ?? VarlinkError(name: "closed")
    }
  }

  @Test("of unknown names the first is told, before a number is looked at")
  func unknownFirst() {
    for frame in Self.unknownNames { #expect(refusal(frame) == .invalidParameter("n0")) }
  }

  @Test("a number that is too large is named with the objects around it")
  func nestedNumber() {
    let frame = #"{"method":"io.invoiced.Jobs.PlanJob","parameters":{"filter":{"limit":9223372036854775808}}}"#
    #expect(refusal(frame) == .invalidParameter("filter.limit"))
    let fraction = #"{"method":"io.invoiced.Jobs.GetJob","parameters":{"job":1.5}}"#
    #expect(refusal(fraction) == .invalidParameter("job"))
  }

  @Test("text in which 129 marks follow each other is refused wherever it stands, and 128 are not")
  func marks() throws {
    func frame(_ count: Int) -> String {
      let text = "e" + String(repeating: "\u{301}", count: count)
      return #"{"method":"io.invoiced.Jobs.PlanJob","parameters":{"filter":{"numbers":["\#(text)"]}}}"#
    }
    #expect(refusal(frame(128)) == nil)
    #expect(refusal(frame(129)) == .invalidParameter("filter.numbers"))
    let escaped =
      #"{"method":"io.invoiced.Jobs.GetInvoice","parameters":{"number":"\#(String(repeating: #"\u0301"#, count: 129))"}}"#
    #expect(refusal(escaped) == .invalidParameter("number"))
  }

  /// Each of these took from seconds to minutes. Together they take about a second here, in a debug build.
  @Test("each is refused in a moment")
  func moment() {
    let frames = Self.unknownNames + Self.deep + Self.long + Self.crowded
    let slowest = frames.map { frame in
      #expect(frame.utf8.count <= 65 * 1024)
      return ContinuousClock().measure { #expect(refusal(frame) != nil) }
    }.max()
    #expect(slowest ?? .zero < .seconds(5))
  }
}
