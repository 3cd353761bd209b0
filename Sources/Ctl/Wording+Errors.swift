import Control
import Foundation
import Model

/// Errors: the cause, and what to do next.
extension Wording {
  func unreachable(_ path: String, errno code: Int32) -> String {
    switch code {
    case ENOENT, ECONNREFUSED:
      choose(
        fr: "Aucun démon ne répond sur \(path). Est-il démarré ? systemctl status invoiced (autre socket : --socket)",
        en: "No daemon answers at \(path). Is it running? systemctl status invoiced (another socket: --socket)")
    case EACCES, EPERM:
      choose(
        fr: """
          Accès refusé à \(path). Votre utilisateur est-il dans le groupe invoiced ? Vérifiez avec : id. Pour regarder \
          seulement (groupe invoiced-watch) : --socket /run/invoiced/watch.sock
          """,
        en: """
          Permission denied at \(path). Are you in the group invoiced? See: id. To watch alone (group invoiced-watch): \
          --socket /run/invoiced/watch.sock
          """)
    default:
      choose(
        fr: "Impossible de joindre le démon sur \(path) : \(String(cString: strerror(code)))",
        en: "Cannot reach the daemon at \(path): \(String(cString: strerror(code)))")
    }
  }

  func connectionLost(_ path: String) -> String {
    choose(
      fr: "Le démon a fermé la connexion sur \(path). S'il redémarre, réessayez ; sinon : systemctl status invoiced",
      en: "The daemon closed the connection at \(path). If it restarts, try again; else: systemctl status invoiced")
  }

  func malformedReply(_ method: String, _ reason: String) -> String {
    choose(
      fr: "Réponse incomprise du démon à \(method) : \(reason). invoicectl et invoiced sont-ils de la même version ?",
      en: "Cannot understand the daemon's answer to \(method): \(reason). Are invoicectl and invoiced of one version?")
  }

  /// An error that the daemon answered with.
  func refusal(_ error: VarlinkError) -> String {
    let field = { (name: String) -> String in
      switch error.parameters[name] {
      case .string(let text)?: text
      case .integer(let number)?: "\(number)"
      case .array(let items)?: items.compactMap(\.string).joined(separator: ", ")
      default: "?"
      }
    }
    switch error.shortName {
    case "NoSuchJob":
      return choose(
        fr: "L'envoi \(field("job")) n'existe pas. La liste : invoicectl jobs",
        en: "There is no job \(field("job")). The list: invoicectl jobs")
    case "NoSuchDelivery":
      let (job, position) = (field("job"), field("position"))
      return choose(
        fr: "L'envoi \(job) n'a pas de livraison \(position). La liste : invoicectl show \(job)",
        en: "Job \(job) has no delivery \(position). The list: invoicectl show \(job)")
    case "NoSuchInvoice":
      return choose(
        fr: "La facture \(field("number")) n'est pas dans le catalogue. La liste : invoicectl invoices",
        en: "Invoice \(field("number")) is not in the catalogue. The list: invoicectl invoices")
    case "NoSuchInvoices": return noSuchInvoices(field("numbers"), excluded: field("excluded"))
    case "NoSuchSeries": return noSuchSeries(field("series"))
    case "SeriesUndecided": return seriesUndecided(error.parameters["question"])
    case "NothingDue":
      return nothingDue(
        held: Int(error.parameters["held"]?.integer ?? 0),
        markedSent: Int(error.parameters["marked_sent"]?.integer ?? 0))
    case "NoSuchImport":
      return choose(
        fr: "Le démon a abandonné l'import ; relancez-le.", en: "The daemon has dropped the import; run it again.")
    case "NoSuchPipeline":
      return choose(
        fr: "Il n'y a pas de pipeline « \(field("pipeline")) ». Il y a : \(field("known"))",
        en: "There is no pipeline \"\(field("pipeline"))\". There are: \(field("known"))")
    case "NothingMatched":
      return choose(
        fr: "Aucune facture du catalogue ne correspond. La liste : invoicectl invoices",
        en: "No invoice of the catalogue matches. The list: invoicectl invoices")
    case "RequestReused":
      return choose(
        fr: "Cette --request a déjà lancé l'envoi \(field("job")) avec d'autres paramètres ; prenez-en une autre.",
        en: "This --request started job \(field("job")) with other parameters; take another one.")
    case "IllegalState":
      return choose(
        fr: "Pas possible dans l'état actuel : \(stateWord(field("state"))).",
        en: "Not possible in the present state: \(stateWord(field("state"))).")
    case "AttemptChanged":
      return choose(
        fr: "Une nouvelle tentative (\(field("attempt"))) a eu lieu entre-temps ; regardez d'abord : invoicectl show",
        en: "It was attempted again meanwhile (\(field("attempt"))); look first: invoicectl show")
    case "MayBeSent":
      return choose(
        fr: """
          Le brouillon a disparu : le mail est peut-être parti. Vérifiez dans les messages envoyés, puis répondez \
          « sent », ou « not-sent » avec --force.
          """,
        en: """
          The draft is gone: the mail may have been sent. Look into the sent mails, then answer sent, or not-sent with \
          --force.
          """)
    case "StageFailed": return stageFailed(code: field("code"), detail: field("detail"))
    case "StoreUnavailable":
      return choose(
        fr: "La base de données est indisponible : \(field("reason")). Voir : journalctl -u invoiced",
        en: "The store is not available: \(field("reason")). See: journalctl -u invoiced")
    case "BackupRunning":
      return choose(
        fr: "Une autre sauvegarde est en cours ; réessayez quand elle sera terminée.",
        en: "Another backup is being made; try again when it is done.")
    case "NoSuchCode":
      return choose(
        fr: "Ce code est inconnu, trop ancien ou déjà utilisé. Un nouveau : invoicectl web",
        en: "This code is unknown, too old or spent. A new one: invoicectl web")
    case "NoRoom":
      return noRoom(needed: error.parameters["needed"]?.integer, free: error.parameters["free"]?.integer)
    case "TooManyConnections":
      return choose(
        fr: "Trop de clients sont connectés au démon (\(field("maximum"))) ; réessayez, ou fermez-en : ss -xp",
        en: "Too many clients are connected to the daemon (\(field("maximum"))); try again, or close some: ss -xp")
    case "ReplyTooLarge":
      return replyTooLarge(size: error.parameters["size"]?.integer, maximum: error.parameters["maximum"]?.integer)
    case "ShuttingDown":
      return choose(
        fr: "Le démon s'arrête ; réessayez quand il sera redémarré.",
        en: "The daemon is stopping; try again when it is back.")
    case "InvalidParameter" where field("parameter") == "period":
      return choose(
        fr: "--period attend un mois de la forme AAAA-MM, ou last (le mois dernier), ou current (ce mois-ci).",
        en: "--period takes a month of the form YYYY-MM, or last, or current.")
    case "InvalidParameter":
      let name = field("parameter")
      return choose(
        fr: "Le démon n'accepte pas la valeur de « \(name) ».", en: "The daemon does not take the value of \"\(name)\"."
      )
    case "PermissionDenied":
      return choose(
        fr: "Cette socket ne permet que de regarder. Pour envoyer : celle du groupe invoiced, sans --socket",
        en: "This socket is for watching alone. To send, use that of the group invoiced, without --socket")
    case "MethodNotFound", "InterfaceNotFound", "MethodNotImplemented":
      return choose(
        fr: "Ce démon ne connaît pas cette commande. invoicectl et invoiced sont-ils de la même version ?",
        en: "This daemon does not know this command. Are invoicectl and invoiced of one version?")
    default: return choose(fr: "Le démon refuse : \(error.name).", en: "The daemon refuses: \(error.name).")
    }
  }

  /// A delivery's or a job's state; one that is neither stays as it is.
  private func stateWord(_ state: String) -> String { JobState(rawValue: state).map(self.state) ?? status(state) }

  /// Of the numbers that a start names; both lists may be empty.
  private func noSuchInvoices(_ unknown: String, excluded: String) -> String {
    var parts: [String] = []
    if !unknown.isEmpty {
      parts.append(choose(fr: "Pas dans le catalogue : \(unknown).", en: "Not in the catalogue: \(unknown)."))
    }
    if !excluded.isEmpty {
      parts.append(
        choose(
          fr: "Écartées par les autres conditions : \(excluded).", en: "Left out by the other conditions: \(excluded).")
      )
    }
    parts.append(
      choose(
        fr: "Rien n'a commencé. La liste : invoicectl invoices",
        en: "Nothing was started. The list: invoicectl invoices"))
    return parts.joined(separator: " ")
  }

  private func nothingDue(held: Int, markedSent: Int) -> String {
    var counts = Counts()
    (counts.held, counts.markedSent) = (held, markedSent)
    let list = sentences.leftOut(counts, []).dropFirst(2)  // the first comma
    return choose(
      fr: "Rien à envoyer : \(list). La liste : invoicectl invoices",
      en: "Nothing to send: \(list). The list: invoicectl invoices")
  }

  private func replyTooLarge(size: Int64?, maximum: Int64?) -> String {
    let words = [size, maximum].map { $0.map { self.size(Int($0)) } ?? "?" }
    return choose(
      fr: "La réponse du démon serait trop longue : \(words[0]), au plus \(words[1]). Raccourcissez le modèle du mail.",
      en: "The daemon's answer would be too long: \(words[0]), at most \(words[1]). Shorten the mail's template.")
  }

  private func stageFailed(code: String, detail: String) -> String {
    guard let known = ErrorCode(rawValue: code) else { return "\(code): \(detail)" }
    return sentences.reason(known, detail: detail)
  }
}
