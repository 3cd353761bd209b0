import Foundation
import Model
import Testing

@testable import SSE

@Suite struct OpenMetricsTests {
  private func event(took: Double) -> Event {
    let invoice = DeliveryLine(
      position: 1, number: "1", cct: "C", file: "f.pdf", recipients: [], state: .sent, took: took)
    return Event(
      id: EventID(epoch: "71dfb947775a", sequence: 1), kind: .progress, job: 1, at: Date(timeIntervalSince1970: 0),
      state: .running, counts: Counts(), elapsed: 1, pipeline: "invoices", delivery: invoice)
  }

  @Test("the histogram adds up: a bound counts what is not above it")
  func histogram() {
    let metrics = Metrics()
    for took in [0.1, 0.11, 61, 2.5] { metrics.published(event(took: took)) }
    var text = OpenMetrics()
    text.counts(metrics.now)
    let lines = Set(text.ended.split(separator: "\n").map(String.init))
    for line in [
      "invoiced_send_seconds_bucket{le=\"0.1\"} 1", "invoiced_send_seconds_bucket{le=\"0.25\"} 2",
      "invoiced_send_seconds_bucket{le=\"2.5\"} 3", "invoiced_send_seconds_bucket{le=\"60.0\"} 3",
      "invoiced_send_seconds_bucket{le=\"+Inf\"} 4", "invoiced_send_seconds_count 4",
      "invoiced_sse_events_total{kind=\"progress\"} 4", "invoiced_outcomes_total{state=\"sent\"} 4", "# EOF",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(text.ended.hasSuffix("# EOF\n"))
  }
}
