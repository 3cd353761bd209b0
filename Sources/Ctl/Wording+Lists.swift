import Control
import Foundation
import Model

/// Invoices, deliveries and jobs in lists.
extension Wording {
  /// Of one cell: the first two, as everywhere.
  func addresses(_ list: [String]) -> String {
    let rest = list.count - 2
    let shown = list.prefix(2).joined(separator: ", ")
    return rest > 0 ? shown + choose(fr: " et \(rest) autre(s)", en: " and \(rest) more") : shown
  }

  func mailbox(_ mailbox: Mailbox) -> String { mailbox.name.map { "\($0) <\(mailbox.address)>" } ?? mailbox.address }

  func sender(_ name: String, delivers: Bool) -> String {
    delivers ? name : choose(fr: "\(name), ne livre à aucun client", en: "\(name), delivers to no customer")
  }

  func invoiceCount(_ count: Int) -> String {
    count == 0
      ? choose(fr: "Aucune facture.", en: "No invoice.")
      : choose(fr: "\(count) facture(s).", en: "\(count) invoice(s).")
  }

  func deliveryTable(withJob: Bool) -> Table {
    Table(
      withJob ? (job, .right) : (position, .right), (number, .left), ("CCT", .left), (state, .left),
      (attempts, .right), (updated, .left), (recipients, .left), (remark, .left))
  }

  func add(_ delivery: Delivery, to table: inout Table, withJob: Bool) {
    table.add(
      withJob ? "\(delivery.job)" : "\(delivery.position)", delivery.number, delivery.cct,
      state(delivery.state, inferred: delivery.receipt?.inferred ?? false), "\(delivery.attempt)",
      time(delivery.updatedAt), addresses(delivery.recipients), why(delivery) ?? "")
  }

  /// The reason of a delivery's state, with the other side's words; nil where there is none.
  func why(_ delivery: Delivery) -> String? {
    if let code = delivery.code { return sentences.reason(code, detail: delivery.detail) }
    return delivery.detail
  }

  /// A failed or unknown delivery, and why.
  func trouble(_ delivery: Delivery) -> String {
    let mark = delivery.state == .unknown ? "❓" : "⚠️"
    let why = why(delivery) ?? state(delivery.state)
    let recipients = addresses(delivery.recipients)
    return choose(
      fr:
        "\(mark) \(delivery.position)  \(delivery.number)  \(delivery.cct) - \(delivery.file) → \(recipients) : \(why)",
      en: "\(mark) \(delivery.position)  \(delivery.number)  \(delivery.cct) - \(delivery.file) → \(recipients): \(why)"
    )
  }

  /// What to do about failed deliveries of a job.
  func remedyOfFailed(_ job: Int64) -> String {
    choose(
      fr: "   Remédiez à la cause, puis : invoicectl retry \(job) (adresse refusée : --include-permanent)",
      en: "   Remove the cause, then: invoicectl retry \(job) (a refused address: --include-permanent)")
  }

  /// The two ways out of an unknown delivery; before them, whether the daemon still looks by itself.
  func waysOut(of delivery: Delivery) -> [String] {
    let command = "invoicectl resolve \(delivery.job) \(delivery.position)"
    // Without its draft the mail may have gone out, and not-sent wants to be forced.
    let no = delivery.code == .draftGone ? "\(command) not-sent --force" : "\(command) not-sent"
    let ways = choose(
      fr: "   Est-elle dans les messages envoyés du compte ? Oui : \(command) sent ; non : \(no)",
      en: "   Is it among the account's sent mails? Yes: \(command) sent; no: \(no)")
    switch delivery.code {
    case .answerLost, .daemonDied, .serverError:
      return [
        choose(
          fr: "   invoiced cherche encore ce qu'elle est devenue ; vous pouvez attendre, ou décider :",
          en: "   invoiced still looks for what became of it; you can wait, or decide:"), ways,
      ]
    case .credentialMissing, .credentialInvalid, .permissionMissing, .accountRefused, .senderFolder:
      return [
        choose(
          fr: "   Remédiez à la cause, et invoiced cherchera de lui-même ; ou décidez :",
          en: "   Remove the cause, and invoiced will look by itself; or decide:"), ways,
      ]
    case .accountChanged:
      return [
        choose(
          fr: "   Remettez l'identifiant du premier compte, et invoiced cherchera de lui-même ; ou décidez :",
          en: "   Put the first account's credential back, and invoiced will look by itself; or decide:"), ways,
      ]
    default: return [ways]
    }
  }

  var jobTable: Table {
    Table(
      (job, .right), (started, .left), (state, .left), ("Pipeline", .left), (total, .right), (sentColumn, .right),
      (failedColumn, .right), (unknownColumn, .right), (leftColumn, .right), (startedBy, .left))
  }

  func add(_ job: Job, to table: inout Table) {
    let counts = job.counts
    table.add(
      "\(job.id)", time(job.startedAt), state(of: job, now: Date()), job.pipeline, "\(counts.total)", "\(counts.sent)",
      "\(counts.failed)", "\(counts.unknown)", "\(counts.left)", job.startedBy.name)
  }

  func filter(_ filter: Filter) -> String {
    var parts: [String] = []
    if let cct = filter.cct { parts.append("--cct \(cct)") }
    if let period = filter.period { parts.append("--period \(period)") }
    if let numbers = filter.numbers { parts.append("--number \(numbers.joined(separator: " "))") }
    if let limit = filter.limit { parts.append("--limit \(limit)") }
    return parts.joined(separator: " ")
  }

  func counts(_ counts: Counts, _ others: [OtherJob]) -> String {
    let parts = [
      (choose(fr: "envoyée(s)", en: "sent"), counts.sent), (choose(fr: "erreur(s)", en: "failed"), counts.failed),
      (choose(fr: "à vérifier", en: "unknown"), counts.unknown),
      (choose(fr: "ignorée(s)", en: "skipped"), counts.skipped),
      (choose(fr: "annulée(s)", en: "cancelled"), counts.cancelled), (choose(fr: "restent", en: "left"), counts.left),
    ]
    let list = parts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    let leftOut = sentences.leftOut(counts, others).dropFirst(2)  // the first comma
    return "\(counts.total)" + (list.isEmpty ? "" : " = \(list)")
      + (leftOut.isEmpty ? "" : choose(fr: " ; \(leftOut)", en: "; \(leftOut)"))
  }

  func held(_ number: String) -> String {
    choose(
      fr: "La facture \(number) est retenue. Pour la libérer : invoicectl release \(number)",
      en: "Invoice \(number) is held. To release it: invoicectl release \(number)")
  }

  func released(_ number: String) -> String {
    choose(fr: "La facture \(number) est libérée.", en: "Invoice \(number) is released.")
  }

  func nothingRestored(_ job: Int64) -> String {
    choose(
      fr:
        "Aucune livraison de l'envoi \(job) n'est à décider après une restauration. La liste : invoicectl show \(job)",
      en: "No delivery of job \(job) is to be decided after a restore. The list: invoicectl show \(job)")
  }

  func resolved(_ delivery: Delivery) -> String {
    let state = state(delivery.state)
    return choose(
      fr: "Livraison \(delivery.position), facture \(delivery.number) : \(state).",
      en: "Delivery \(delivery.position), invoice \(delivery.number): \(state).")
  }
}
