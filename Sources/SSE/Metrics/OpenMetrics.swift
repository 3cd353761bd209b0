import Model

/// Text of OpenMetrics 1.0 (github.com/prometheus/OpenMetrics).
struct OpenMetrics {
  static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

  private var text = ""

  /// With the end that the format asks for.
  var ended: String { text + "# EOF\n" }

  mutating func family(_ name: String, _ type: String, _ help: String, unit: String? = nil) {
    text += "# TYPE \(name) \(type)\n"
    if let unit { text += "# UNIT \(name) \(unit)\n" }
    text += "# HELP \(name) \(help)\n"
  }

  /// - Parameter label: of a closed set, so that nothing has to be escaped.
  mutating func sample(_ name: String, _ label: (name: String, value: String), _ value: Int) {
    text += "\(name){\(label.name)=\"\(label.value)\"} \(value)\n"
  }

  mutating func sample(_ name: String, _ value: some Numeric) { text += "\(name) \(value)\n" }

  mutating func counts(_ counts: Metrics.Counts) {
    family("invoiced_sse_events", "counter", "Events passed on, by kind.")
    for kind in Event.Kind.allCases {
      sample("invoiced_sse_events_total", ("kind", kind.rawValue), counts.events[kind] ?? 0)
    }
    family("invoiced_outcomes", "counter", "Deliveries that reached an outcome, by state.")
    for state in [DeliveryState.sent, .failed, .skipped, .unknown, .cancelled] {
      sample("invoiced_outcomes_total", ("state", state.rawValue), counts.outcomes[state] ?? 0)
    }
    counter("invoiced_sse_snapshots_forced", "Snapshots for readers that had fallen behind.", counts.snapshotsForced)
    counter("invoiced_sse_readers_behind", "Times that a reader fell behind.", counts.readersBehind)
    counter("invoiced_sse_daemon_reconnects", "Times that the daemon went away.", counts.daemonReconnects)
    counter("invoiced_sse_readers_refused", "Streams refused because all places were taken.", counts.refusedReaders)
    counter("invoiced_sse_cut_off", "Connections closed because they and others did not read.", counts.cutOffs)
    family("invoiced_send_seconds", "histogram", "Time that a send took.", unit: "seconds")
    var sum = 0
    for (bound, count) in zip(Metrics.bounds.map { "\($0)" } + ["+Inf"], counts.latencies) {
      sum += count
      sample("invoiced_send_seconds_bucket", ("le", bound), sum)
    }
    sample("invoiced_send_seconds_count", sum)
    sample("invoiced_send_seconds_sum", counts.latencySum)
  }

  private mutating func counter(_ name: String, _ help: String, _ value: Int) {
    family(name, "counter", help)
    sample("\(name)_total", value)
  }
}
