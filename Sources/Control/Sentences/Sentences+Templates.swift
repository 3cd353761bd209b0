import Model

extension Sentences {
  /// Every sentence about events, for pages that put in the values themselves: one member for each part of a job's
  /// story, `reasons` and `remedies` by code, `kinds` and `kindRemedies` by the kind of a hold, `warnings` of a dry run.
  package var templates: JSON {
    let outcomes = table.outcomes
    let codes = ErrorCode.allCases
    let kinds = Hold.Kind.allCases
    return .object([
      "start": Self.json(table.start), "reopened": Self.json(table.reopened),
      "outcomes": .object([
        "sent": Self.json(outcomes.sent), "failed": Self.json(outcomes.failed), "skipped": Self.json(outcomes.skipped),
        "unknown": Self.json(outcomes.unknown), "cancelled": Self.json(outcomes.cancelled),
        "open": Self.json(outcomes.open),
      ]),
      "inferred": .string(table.inferred), "paused": Self.json(table.paused), "resumed": Self.json(table.resumed),
      "waitsUntil": Self.json(table.waitsUntil), "waits": Self.json(table.waits),
      "looking": Self.json(table.looking), "complete": Self.json(table.complete),
      "cancelled": Self.json(table.cancelled),
      "already": Self.json(table.already), "skipped": Self.json(table.skipped), "unknown": Self.json(table.unknown),
      "cancelledDeliveries": Self.json(table.cancelledDeliveries),
      "inOtherJobs": Self.json(table.inOtherJobs), "toCheck": Self.json(table.toCheck), "held": Self.json(table.held),
      "markedSent": Self.json(table.markedSent), "otherJobs": Self.json(table.otherJobs),
      "otherJob": Self.json(table.otherJob),
      "states": .object(
        Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0.rawValue, .string(table.state($0))) })),
      "withDetail": Self.json(table.withDetail),
      "withRemedy": Self.json(table.withRemedy), "heldUntil": Self.json(table.heldUntil),
      "betweenHolds": .string(table.betweenHolds),
      "noReason": .string(table.noReason),
      "reasons": .object(Dictionary(uniqueKeysWithValues: codes.map { ($0.rawValue, .string(table.reason($0))) })),
      "kinds": .object(Dictionary(uniqueKeysWithValues: kinds.map { ($0.rawValue, .string(table.holdReason($0))) })),
      "warnings": .object(
        Dictionary(
          uniqueKeysWithValues: ImportProblemCode.allCases.filter(\.isWarning).map {
            ($0.rawValue, .string(table.importProblem($0)))
          })),
      "remedies": .object(remedies(of: codes)),
      "kindRemedies": .object(
        Dictionary(uniqueKeysWithValues: kinds.map { ($0.rawValue, Self.json(table.remedy($0, nil))) })),
    ])
  }

  /// Of the codes that have one of their own, whatever the kind of the hold.
  private func remedies(of codes: [ErrorCode]) -> [String: JSON] {
    var remedies: [String: JSON] = [:]
    for code in codes {
      let texts = Set(Hold.Kind.allCases.map { table.remedy($0, code) })
      if texts.count == 1, let text = texts.first { remedies[code.rawValue] = Self.json(text) }
    }
    return remedies
  }

  private static func json(_ template: SentenceTemplate) -> JSON { .string(template.text) }
}
