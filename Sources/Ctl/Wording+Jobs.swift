import Control
import Foundation
import Model

/// What `start`, `watch` and their like say.
extension Wording {
  /// How many would go out.
  ///
  /// - Parameter again: how many that were sent before may go out besides; the plan does not know their customers.
  func planned(_ plan: JobsInterface.Plan, again: Int, limit: Int?) -> String {
    let n = min(plan.due + again, limit ?? .max)
    let sender =
      plan.delivers ? plan.sender : choose(fr: "\(plan.sender), sans livraison", en: "\(plan.sender), delivers nothing")
    if again > 0 {
      return choose(
        fr: "\(n) facture(s) à envoyer, par « \(plan.pipeline) » (\(sender))",
        en: "\(n) invoice(s) to send, through \"\(plan.pipeline)\" (\(sender))")
    }
    return choose(
      fr: "\(n) facture(s) à envoyer à \(plan.customers) client(s), par « \(plan.pipeline) » (\(sender))",
      en: "\(n) invoice(s) to send to \(plan.customers) customer(s), through \"\(plan.pipeline)\" (\(sender))")
  }

  func plannedPeriods(_ periods: [String: Int]) -> String {
    let list = periods.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
    return choose(fr: "Périodes : \(list)", en: "Periods: \(list)")
  }

  var plannedExamples: String { choose(fr: "Par exemple :", en: "For example:") }

  func example(_ line: DeliveryLine) -> String {
    "  \(line.number)  \(line.cct) - \(line.file) → \(line.recipients.joined(separator: ", "))"
  }

  /// What matches and is not sent; nil when there is nothing.
  ///
  /// - Parameter already: whether that holds for what was sent before.
  func leftOut(_ plan: JobsInterface.Plan, already: Bool) -> String? {
    var counts = plan.leftOut
    if !already { counts.already = 0 }
    let list = sentences.leftOut(counts, plan.others ?? []).dropFirst(2)  // the first comma
    guard !list.isEmpty else { return nil }
    return choose(fr: "Non reprises : \(list)", en: "Left out: \(list)")
  }

  func testRecipient(_ address: String) -> String {
    choose(
      fr: "Essai : tout part à \(address) seul ; aucun client ne reçoit rien.",
      en: "Test: everything goes to \(address) alone; no customer receives anything.")
  }

  func further(_ occasion: String) -> String {
    choose(
      fr: "Occasion « \(occasion) » : un envoi de plus des mêmes factures.",
      en: "Occasion \"\(occasion)\": a further mailing of the same invoices.")
  }

  func alsoSent(_ count: Int) -> String {
    choose(
      fr: "Attention : \(count) facture(s) déjà envoyée(s) sont reprises aussi.",
      en: "Careful: \(count) invoice(s) that were sent already are taken as well.")
  }

  /// Default no: a stroke of the return key sends nothing.
  var question: String { choose(fr: "Envoyer ? (o/N) ", en: "Send? (y/N) ") }

  /// Either language's yes counts.
  static func isYes(_ answer: String) -> Bool {
    ["o", "oui", "y", "yes"].contains(answer.filter { !$0.isWhitespace }.lowercased())
  }

  var notStarted: String { choose(fr: "Rien n'a été envoyé.", en: "Nothing was sent.") }

  var needsConditions: String {
    choose(
      fr: "Sans terminal, précisez lesquelles : --cct, --period, --number ou --all.",
      en: "Without a terminal, say which ones: --cct, --period, --number or --all.")
  }

  var nothingDue: String { choose(fr: "Rien à envoyer.", en: "Nothing to send.") }

  func started(_ job: Job) -> String {
    let (n, leftOut) = (job.counts.total, sentences.leftOut(job.counts, job.others ?? []))
    return choose(
      fr: "Envoi \(job.id) commencé : \(n) facture(s)\(leftOut).",
      en: "Job \(job.id) started: \(n) invoice(s)\(leftOut).")
  }

  func howToWatch(_ job: Int64) -> String {
    choose(fr: "Pour le suivre : invoicectl watch \(job)", en: "To watch it: invoicectl watch \(job)")
  }

  func left(_ job: Int64) -> String {
    choose(
      fr: "L'envoi \(job) continue. Pour le suivre : invoicectl watch \(job)",
      en: "Job \(job) goes on. To watch it: invoicectl watch \(job)")
  }

  func connectionLost(seconds: Int) -> String {
    choose(
      fr: "Connexion au démon perdue ; nouvel essai pendant \(seconds) s…",
      en: "Connection to the daemon lost; trying again for \(seconds) s…")
  }

  var connectedAgain: String { choose(fr: "Connexion rétablie.", en: "Connected again.") }

  func eventsMissing(_ job: Int64) -> String {
    choose(
      fr: "Des lignes peuvent manquer ici ; tout est dans : invoicectl show \(job)",
      en: "Lines may be missing here; everything is in: invoicectl show \(job)")
  }

  /// What can be done about a job that ended like this; nil when there is nothing to do.
  func advice(_ job: Int64, _ status: ExitStatus, _ state: JobState, _ counts: Counts) -> String? {
    switch status {
    case .personAsked where counts.unknown == 0:
      choose(
        fr: "À vérifier dans un autre envoi : invoicectl invoices --unknown",
        en: "To check in another job: invoicectl invoices --unknown")
    case .failed:
      choose(
        fr: "Les erreurs : invoicectl show \(job) --failed ; réessayer : invoicectl retry \(job)",
        en: "The failures: invoicectl show \(job) --failed; to try again: invoicectl retry \(job)")
    case .personAsked:
      choose(
        fr: "À vérifier par une personne : invoicectl show \(job) --failed",
        en: "For a person to decide: invoicectl show \(job) --failed")
    case .paused where state == .paused:
      choose(
        fr: "L'envoi \(job) attend. Pour le suivre ensuite : invoicectl watch \(job)",
        en: "Job \(job) waits. To watch it afterwards: invoicectl watch \(job)")
    case .paused where state != .cancelled:
      choose(
        fr: "Toutes les factures ne sont pas parties ; lesquelles : invoicectl invoices --unsent",
        en: "Not every invoice was sent; which ones: invoicectl invoices --unsent")
    default: nil
    }
  }

  /// A job and its state in one line.
  func job(_ job: Job) -> String {
    let state = state(of: job, now: Date())
    let counts = job.counts
    return choose(
      fr: "Envoi \(job.id) : \(state), \(counts.processed)/\(counts.total) traitée(s)",
      en: "Job \(job.id): \(state), \(counts.processed)/\(counts.total) processed")
  }

  func retried(_ count: Int) -> String {
    choose(fr: "\(count) livraison(s) à réessayer.", en: "\(count) delivery(ies) to try again.")
  }

  var othersArePermanent: String {
    choose(
      fr: "Les autres erreurs ne passeront pas d'elles-mêmes ; une fois la cause corrigée : --include-permanent",
      en: "The other failures do not go away by themselves; once the cause is removed: --include-permanent")
  }

  var noJob: String {
    choose(
      fr: "Il n'y a encore aucun envoi. Pour commencer : invoicectl start",
      en: "There is no job yet. To begin: invoicectl start")
  }

  /// A dry run's line for one invoice.
  func dryRun(_ line: DeliveryLine) -> String {
    let position = line.position
    guard line.state == .failed || line.state == .skipped else {
      let recipients = line.recipients.joined(separator: ", ")
      return choose(
        fr: "✅ Email \(position) prêt : \(line.cct) - \(line.file) → \(recipients)",
        en: "✅ Email \(position) ready: \(line.cct) - \(line.file) → \(recipients)")
    }
    let error = line.code.map { sentences.reason($0, detail: line.detail) } ?? line.detail ?? state(line.state)
    return choose(
      fr: "⚠️ Email \(position) ERREUR : \(line.cct) - \(line.file) : \(error)",
      en: "⚠️ Email \(position) ERROR: \(line.cct) - \(line.file): \(error)")
  }

  /// A warning about the invoice of the line before.
  func dryRun(_ warning: JobsInterface.DryRun.Warning) -> String {
    let reason = sentences.importProblem(warning.code)
    return choose(
      fr: "   Attention : facture \(warning.number) : \(reason) : \(warning.value)",
      en: "   Warning: invoice \(warning.number): \(reason): \(warning.value)")
  }

  func dryRunEnd(_ counts: Counts, _ others: [OtherJob]) -> String {
    let (ready, leftOut) = (counts.total - counts.failed, sentences.leftOut(counts, others))
    return choose(
      fr: """
        Essai à blanc terminé : \(ready) prête(s), \(counts.failed) erreur(s) sur \(counts.total) facture(s)\(leftOut). \
        Rien n'a été envoyé.
        """,
      en: """
        Dry run complete: \(ready) ready, \(counts.failed) failure(s) of \(counts.total) invoice(s)\(leftOut). Nothing was \
        sent.
        """)
  }
}
