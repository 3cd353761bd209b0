import Control
import Foundation
import Model
import Store

/// What the caller of a start, a plan or a list means.
extension ControlService {
  /// The wire's filter, with `last` and `current` as months of the daemon's time zone.
  func filter(_ wire: JobsInterface.Filter) throws -> Filter {
    if let limit = wire.limit, limit < 1 { throw VarlinkError.invalidParameter("limit") }
    return Filter(
      cct: wire.cct, period: try period(wire.period), numbers: wire.numbers?.map(\.keyForm), limit: wire.limit)
  }

  /// Throws `NoSuchInvoices` when the filter names numbers that it does not find: a mistyped one is not left out silently.
  func requireNumbers(_ filter: Filter) async throws {
    let (unknown, excluded) = try await store.missedNumbers(of: filter)
    guard unknown.isEmpty, excluded.isEmpty else { throw VarlinkError.noSuchInvoices(unknown, excluded: excluded) }
  }

  /// Like a number: two spellings that look the same are one occasion. At most 128 bytes.
  func occasion(_ text: String?) throws -> String {
    let occasion = (text ?? "").keyForm
    guard occasion.isPlain, occasion.utf8.count <= 128 else { throw VarlinkError.invalidParameter("occasion") }
    return occasion
  }

  /// A person's words, which the history keeps: one line of at most 1,000 bytes.
  func reason(_ text: String, parameter: String) throws -> String {
    let reason = text.trimmed
    guard !reason.isEmpty, reason.isPlain, reason.utf8.count <= 1000 else {
      throw VarlinkError.invalidParameter(parameter)
    }
    return reason
  }

  /// - Parameter answer: the caller's, to a `SeriesQuestion`.
  func seriesChoice(_ entry: PipelineEntry, _ answer: String?) throws -> SeriesChoice {
    if let answer, let configured = entry.series, configured != SeriesChoice.new,
      ![configured, SeriesChoice.new].contains(answer)
    {
      throw VarlinkError.invalidParameter("series")
    }
    return SeriesChoice(configured: entry.series, answer: answer, pipelines: Set(pipelines.keys))
  }

  func period(_ text: String?) throws -> Period? {
    switch text {
    case nil: return nil
    case "last": return TimeZoneFile.period(of: time.now(), months: -1)
    case "current": return TimeZoneFile.period(of: time.now())
    case let text?:
      guard let period = Period(text) else { throw VarlinkError.invalidParameter("period") }
      return period
    }
  }
}
