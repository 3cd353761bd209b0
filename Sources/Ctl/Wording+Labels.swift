/// Names of columns and facts.
extension Wording {
  var number: String { choose(fr: "Facture", en: "Number") }
  var invoiceLabel: String { choose(fr: "Facture", en: "Invoice") }
  var period: String { choose(fr: "Période", en: "Period") }
  var state: String { choose(fr: "État", en: "State") }
  var job: String { choose(fr: "Envoi", en: "Job") }
  var position: String { choose(fr: "Pos.", en: "Pos.") }
  var recipients: String { choose(fr: "Destinataires", en: "Recipients") }
  var to: String { choose(fr: "À", en: "To") }
  var subject: String { choose(fr: "Objet", en: "Subject") }
  var file: String { choose(fr: "Fichier", en: "File") }
  var attachment: String { choose(fr: "Pièce jointe", en: "Attachment") }
  var attempts: String { choose(fr: "Essais", en: "Attempts") }
  var updated: String { choose(fr: "Mise à jour", en: "Updated") }
  var remark: String { choose(fr: "Remarque", en: "Remark") }
  var started: String { choose(fr: "Début", en: "Started") }
  var total: String { choose(fr: "Total", en: "Total") }
  var sentColumn: String { choose(fr: "Envoyées", en: "Sent") }
  var failedColumn: String { choose(fr: "Erreurs", en: "Failed") }
  var unknownColumn: String { choose(fr: "À vérifier", en: "Unknown") }
  var leftColumn: String { choose(fr: "Restent", en: "Left") }
  var startedBy: String { choose(fr: "Par", en: "By") }
  var heldLabel: String { choose(fr: "Retenue", en: "Held") }
  var holdLabel: String { choose(fr: "En pause", en: "Held by") }
  var waitLabel: String { choose(fr: "En attente", en: "Waits for") }
  var clockLabel: String { choose(fr: "Horloge", en: "Clock") }
  var sentAtLabel: String { choose(fr: "Envoyée ailleurs", en: "Sent elsewhere") }
  var languageLabel: String { choose(fr: "Langue", en: "Language") }
  var occasionLabel: String { choose(fr: "Occasion", en: "Occasion") }
  var filterLabel: String { choose(fr: "Conditions", en: "Conditions") }
  var testLabel: String { choose(fr: "Essai, vers", en: "Test, to") }
  var startedLabel: String { choose(fr: "Commencé", en: "Started") }
  var finishedLabel: String { choose(fr: "Terminé", en: "Finished") }
  var countsLabel: String { choose(fr: "Factures", en: "Invoices") }
  var sinceLabel: String { choose(fr: "Démarré", en: "Running since") }
  var cataloguedLabel: String { choose(fr: "Factures au catalogue", en: "Invoices in the catalogue") }
  var hasHTML: String { choose(fr: "oui, à voir avec --html", en: "yes, to be seen with --html") }
  var noHTML: String { choose(fr: "Ce mail n'a pas de HTML.", en: "This mail has no HTML.") }

  /// - Parameter seconds: by how much this machine's clock is ahead of the sender's, or, negative, behind it.
  func clock(_ seconds: Int) -> String {
    let amount = abs(seconds)
    return seconds > 0
      ? choose(
        fr: "en avance de \(amount) s sur celle du service d'envoi ; mettez-la à l'heure (timedatectl)",
        en: "\(amount) s ahead of the sending service's; set it (timedatectl)")
      : choose(
        fr: "en retard de \(amount) s sur celle du service d'envoi ; mettez-la à l'heure (timedatectl)",
        en: "\(amount) s behind the sending service's; set it (timedatectl)")
  }
}
