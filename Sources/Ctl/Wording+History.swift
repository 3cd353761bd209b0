import Model

/// What people did.
extension Wording {
  var actionTable: Table {
    Table(
      (choose(fr: "Quand", en: "When"), .left), (choose(fr: "Qui", en: "Who"), .left),
      (choose(fr: "Action", en: "Action"), .left), (job, .right), (position, .right), (invoiceLabel, .left),
      (remark, .left))
  }

  var noAction: String { choose(fr: "Rien n'a encore été fait.", en: "Nothing has been done yet.") }

  func add(_ action: Action, to table: inout Table) {
    table.add(
      time(action.at), action.by.name, verb(action), action.job.map(String.init) ?? "",
      action.position.map(String.init) ?? "", action.number ?? "", action.detail ?? "")
  }

  private func verb(_ action: Action) -> String {
    switch action.verb {
    case "import": choose(fr: "import", en: "import")
    case "start": choose(fr: "lancement", en: "start")
    case "pause": choose(fr: "mise en pause", en: "pause")
    case "resume": choose(fr: "reprise", en: "resume")
    case "cancel": choose(fr: "annulation", en: "cancel")
    case "retry": choose(fr: "nouvel essai", en: "retry")
    case "resolve sent": choose(fr: "déclarée envoyée", en: "resolved as sent")
    case "resolve not-sent": choose(fr: "déclarée non envoyée", en: "resolved as not sent")
    case "hold": choose(fr: "retenue", en: "hold")
    case "release": choose(fr: "libération", en: "release")
    case "backup": choose(fr: "sauvegarde", en: "backup")
    default: action.verb
    }
  }
}
