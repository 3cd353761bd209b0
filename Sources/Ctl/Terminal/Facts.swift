/// Names and values, one a line, the values aligned.
struct Facts: Sendable {
  private var facts: [(name: String, value: String)] = []

  /// A value that is nil or empty is left out.
  mutating func add(_ name: String, _ value: String?) {
    guard let value, !value.isEmpty else { return }
    facts.append((name.printable, value.printable))
  }

  var lines: [String] {
    let width = facts.map(\.name.columns).max() ?? 0
    return facts.map { $0.name.padded(to: width) + Table.gap + $0.value }
  }
}
