import Control
import Foundation
import Model

/// Words for states.
extension Wording {
  func state(_ state: JobState) -> String { sentences.state(state) }

  /// With what keeps it from going on by itself at the moment.
  func state(of job: Job, now: Date) -> String {
    switch Standstill(job) {
    case .wait(let until): state(job.state) + ", " + bar(.wait(until: until), now: now)
    case .looking(let n):
      choose(fr: "en attente, invoiced vérifie \(n) facture(s)", en: "waiting, invoiced checks \(n) invoice(s)")
    case .paused, nil: state(job.state)
    }
  }

  func state(_ state: DeliveryState, inferred: Bool = false) -> String {
    switch state {
    case .pending: choose(fr: "à envoyer", en: "pending")
    case .prepared: choose(fr: "préparée", en: "prepared")
    case .sending: choose(fr: "en cours d'envoi", en: "sending")
    case .unknown: choose(fr: "à vérifier", en: "unknown")
    case .sent, .recorded:
      inferred ? choose(fr: "envoyée (déduit)", en: "sent (inferred)") : choose(fr: "envoyée", en: "sent")
    case .failed: choose(fr: "en erreur", en: "failed")
    case .skipped: choose(fr: "ignorée", en: "skipped")
    case .cancelled: choose(fr: "annulée", en: "cancelled")
    }
  }

  /// An invoice's status; one that this program does not know stays as it is.
  func status(_ status: String) -> String {
    if let state = DeliveryState(rawValue: status) { return self.state(state) }
    return switch status {
    case "due": choose(fr: "à envoyer", en: "due")
    case "held": choose(fr: "retenue", en: "held")
    case "not held": choose(fr: "pas retenue", en: "not held")
    case "marked_sent": choose(fr: "déjà envoyée ailleurs", en: "sent elsewhere")
    default: status
    }
  }
}
