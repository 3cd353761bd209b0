import Synchronization

/// The rules that are in force. The first one that fits a call decides; a rule that is used up is gone.
final class Scenario: Sendable {
  /// As they are sent, and as they stand in a file.
  struct Rules: Decodable {
    let rules: [Rule]
  }

  private struct Armed {
    let rule: Rule
    var skip: Int
    var times: Int
  }

  private let rules = Mutex<[Armed]>([])

  func add(_ new: [Rule]) {
    rules.withLock { $0 += new.map { Armed(rule: $0, skip: $0.skip ?? 0, times: $0.times ?? 1) } }
  }

  func clear() { rules.withLock { $0 = [] } }

  /// The rule for this call, counted as used. A rule that still skips lets the next ones decide.
  func rule(for call: Call, recipients: [String]) -> Rule? {
    rules.withLock { rules in
      for index in rules.indices {
        let rule = rules[index].rule
        guard rule.on == call, rule.recipient.map(recipients.contains) ?? true else { continue }
        if rules[index].skip > 0 {
          rules[index].skip -= 1
          continue
        }
        rules[index].times -= 1
        if rules[index].times <= 0 { rules.remove(at: index) }
        return rule
      }
      return nil
    }
  }

  /// How many rules wait for their calls.
  var count: Int { rules.withLock { $0.count } }
}
