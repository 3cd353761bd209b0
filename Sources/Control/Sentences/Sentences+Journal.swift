import Model

extension Sentences {
  /// What the journal says: begin (anew) and end of a job, one line per mail, and what keeps a job.
  package func journalLine(of event: Event) -> String {
    switch event.kind {
    case .start: event.counts.processed > 0 ? line(of: event) : fill(table.journalStart, event.counts)
    case .progress:
      event.delivery.map { line(of: $0, total: event.counts.total, in: table.journalOutcomes) } ?? line(of: event)
    case .paused, .wait: line(of: event)
    case .complete where event.state == .waiting && (event.looking ?? 0) > 0: line(of: event)
    case .complete:
      fill(event.state == .cancelled ? table.journalCancelled : table.journalComplete, event.counts)
        + ends(event.counts, event.others ?? [])
    }
  }
}
