import Model

extension SentenceTable {
  static let french = SentenceTable(
    start: "🚀 Début de l'envoi : {total} facture(s)",
    reopened: "🚀 Reprise de l'envoi : {left} facture(s) à traiter sur {total}",
    outcomes: Outcomes(
      sent: "✅ Email {i}/{total} envoyé : {cct} - {file} → {recipients}",
      failed: "⚠️ Email {i}/{total} ERREUR : {cct} - {file} : {error}",
      skipped: "⏭️ Email {i}/{total} ignoré : {cct} - {file} : {error}",
      unknown: "❓ Email {i}/{total} à vérifier : {cct} - {file} : {error}",
      cancelled: "🚫 Email {i}/{total} annulé : {cct} - {file}",
      open: "⏳ Email {i}/{total} en attente : {cct} - {file}"),
    inferred: " (déduit : le brouillon a été consommé)",
    paused: "⏸️ Envoi en pause : {reason}",
    resumed: "▶️ L'envoi continue : {left} facture(s) à traiter sur {total}",
    waitsUntil: "⏸️ Envoi en attente jusqu'à {until} : {reason}",
    waits: "⏸️ Envoi en attente, nouvel essai automatique : {reason}",
    looking: "🔎 invoiced vérifie encore {n} facture(s) : {sent} succès, {failed} erreur(s) sur {total} facture(s)",
    complete: "✅ Envoi terminé : {sent} succès, {failed} erreur(s) sur {total} facture(s)",
    cancelled: "🚫 Envoi annulé : {sent} succès, {failed} erreur(s) sur {total} facture(s)",
    already: ", {n} déjà envoyée(s)",
    skipped: ", {n} ignorée(s)",
    unknown: ", {n} à vérifier",
    cancelledDeliveries: ", {n} annulée(s)",
    inOtherJobs: ", {n} laissée(s) à un autre envoi",
    toCheck: ", {n} à vérifier dans un autre envoi",
    held: ", {n} retenue(s)",
    markedSent: ", {n} envoyée(s) ailleurs",
    otherJobs: " ({jobs})",
    otherJob: "envoi {job} : {state}",
    journalStart: "🚀 Début de l'envoi...",
    journalOutcomes: Outcomes(
      sent: "✅ [{i}/{total}] Email envoyé : {cct} - {file}",
      failed: "❌ [{i}/{total}] Erreur email : {cct} - {file} : {error}",
      skipped: "⏭️ [{i}/{total}] Email ignoré : {cct} - {file} : {error}",
      unknown: "❓ [{i}/{total}] Email à vérifier : {cct} - {file} : {error}",
      cancelled: "🚫 [{i}/{total}] Email annulé : {cct} - {file}",
      open: "⏳ [{i}/{total}] Email en attente : {cct} - {file}"),
    journalComplete: "🎉 Envoi terminé : {sent} succès, {failed} erreur(s)",
    journalCancelled: "🚫 Envoi annulé : {sent} succès, {failed} erreur(s)",
    withDetail: "{reason} ({detail})",
    withRemedy: "{reason} → {remedy}",
    heldUntil: "{reason}, jusqu'à {until}",
    betweenHolds: " ; ",
    noReason: "raison inconnue",
    state: { $0.french },
    reason: { $0.french },
    holdReason: { $0.french },
    remedy: { kind, code in code?.frenchRemedy ?? kind.frenchRemedy },
    importProblem: { $0.french })
}

extension JobState {
  fileprivate var french: String {
    switch self {
    case .running: "en cours"
    case .paused: "en pause"
    case .waiting: "en attente"
    case .completed: "terminé"
    case .cancelled: "annulé"
    }
  }
}

extension ErrorCode {
  fileprivate var french: String {
    switch self {
    case .fileMissing: "le fichier n'est plus là"
    case .fileChanged: "le fichier a changé depuis la sélection"
    case .fileForbidden: "le fichier est hors des dossiers autorisés"
    case .fileUnreadable: "le fichier ne peut pas être lu"
    case .messageTooLarge: "message trop volumineux"
    case .invalidRecipient: "adresse de destinataire invalide"
    case .tooManyRecipients: "trop de destinataires"
    case .invalidHeader: "en-tête du message invalide"
    case .fieldMissing: "un champ du modèle manque à la facture"
    case .messageChanged: "le message ne serait plus le même : un modèle a changé depuis sa préparation"
    case .claimed: "déjà prise par un autre envoi"
    case .heldInvoice: "facture retenue"
    case .markedSent: "déjà envoyée par un autre système"
    case .recipientRefused: "destinataire refusé"
    case .messageRefused: "message refusé"
    case .rateLimited: "le service d'envoi limite le nombre de messages"
    case .dailyLimit: "limite quotidienne de messages atteinte"
    case .credentialMissing: "aucun identifiant pour le compte d'envoi"
    case .credentialInvalid: "identifiant du compte d'envoi refusé"
    case .permissionMissing: "le compte d'envoi n'a pas l'autorisation nécessaire"
    case .accountRefused: "compte d'envoi refusé"
    case .accountChanged: "l'identifiant appartient à un autre compte"
    case .clockWrong: "l'horloge de cette machine est fausse"
    case .unreachable: "service d'envoi injoignable"
    case .serverError: "erreur du service d'envoi"
    case .senderFolder: "le dossier d'envoi est inutilisable"
    case .answerLost: "réponse perdue, la facture est peut-être partie"
    case .daemonDied: "arrêt pendant l'envoi, la facture est peut-être partie"
    case .draftGone: "le brouillon n'est plus là, la facture est peut-être partie"
    case .draftEdited: "le brouillon a été modifié à la main"
    case .draftStays: "le brouillon est toujours là après plusieurs essais"
    case .restored: "restaurée d'une sauvegarde, la facture est peut-être partie depuis"
    case .storeFull: "plus de place pour la base de données"
    case .storeFailed: "la base de données ne peut pas être écrite"
    case .layStill: "l'envoi est resté longtemps arrêté"
    case .senderChanged: "le pipeline est passé d'une répétition à l'envoi réel, ou l'inverse, depuis le début"
    case .recordFailed: "envoyée, mais le résultat n'a pas pu être enregistré"
    }
  }

  /// Of the codes that hold; nil: the hold's kind says what to do.
  fileprivate var frenchRemedy: SentenceTemplate? {
    switch self {
    case .credentialMissing:
      "installez l'identifiant que la configuration nomme et redémarrez invoiced, l'envoi continuera de lui-même"
    case .credentialInvalid:
      "remplacez l'identifiant du compte d'envoi et redémarrez invoiced, l'envoi continuera de lui-même"
    case .permissionMissing:
      "accordez au compte l'autorisation de gérer les brouillons et d'envoyer, puis : invoicectl resume {job}"
    case .accountRefused: "vérifiez le compte d'envoi chez son fournisseur, puis : invoicectl resume {job}"
    case .accountChanged:
      "remettez l'identifiant du premier compte ou terminez ses envois, puis : invoicectl resume {job}"
    case .clockWrong: "mettez l'horloge de cette machine à l'heure (timedatectl), puis : invoicectl resume {job}"
    case .unreachable: "vérifiez le réseau, puis : invoicectl resume {job}"
    case .senderFolder: "vérifiez que invoiced peut écrire dans ce dossier, puis : invoicectl resume {job}"
    case .senderChanged:
      "remettez l'expéditeur précédent, puis : invoicectl resume {job} ; ou abandonnez : invoicectl cancel {job}"
    case .storeFull: "libérez de la place sur le disque, l'envoi continuera de lui-même"
    case .storeFailed: "vérifiez le disque de la base de données, l'envoi continuera de lui-même"
    case .dailyLimit: "rien à faire, l'envoi continuera de lui-même"
    default: nil
    }
  }
}

extension Hold.Kind {
  fileprivate var french: String {
    switch self {
    case .human: "demandé par une personne"
    case .daily: "limite quotidienne de messages atteinte"
    case .sender: "le service d'envoi est en difficulté"
    case .store: "la base de données ne peut pas être écrite"
    case .schedule: "hors des heures d'envoi"
    case .restored: "la base de données vient d'une sauvegarde ou d'une copie, ou a été perdue"
    }
  }

  fileprivate var frenchRemedy: SentenceTemplate {
    switch self {
    case .human: "pour continuer : invoicectl resume {job}"
    case .daily, .schedule: "rien à faire, l'envoi continuera de lui-même"
    case .sender: "remédiez à la cause, puis : invoicectl resume {job}"
    case .store: "vérifiez le disque de la base de données, l'envoi continuera de lui-même"
    case .restored: "vérifiez ce qui est déjà parti, puis : invoicectl resume {job}"
    }
  }
}
