import Model

/// One mapping of the configuration, read key by key. Strict: `finish` refuses what nobody asked for.
package final class Settings {
  /// Path of the mapping, such as `pipelines.invoices.send`; empty for the whole file.
  package let path: String
  package let place: Place
  private let entries: [SettingsNode.Entry]
  private var asked: [String] = []

  /// Throws when the node is no mapping, or has a key twice.
  package init(_ node: SettingsNode, path: String) throws {
    self.path = path
    place = node.place
    switch node {
    case .mapping(let entries, _): self.entries = entries
    case _ where node.isNull: entries = []
    default: throw SettingsError("\(path.isEmpty ? "the file" : path) must be a mapping (key: value)", at: node.place)
    }
    var seen: Set<String> = []
    for entry in entries where !seen.insert(entry.key).inserted {
      throw SettingsError("\(name(entry.key)) is there twice", at: entry.place)
    }
  }

  /// Every key, in the order of the file; for mappings whose keys are names.
  package var names: [(name: String, place: Place)] { entries.map { ($0.key, $0.place) } }

  package func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The value of a key; nil when it is absent or empty.
  package func node(_ key: String) -> SettingsNode? {
    asked.append(key)
    guard let value = entries.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
    return value
  }

  /// Throws for the first key that no other call has asked for.
  package func finish() throws {
    guard let unknown = entries.first(where: { !asked.contains($0.key) }) else { return }
    let known = Set(asked).sorted().joined(separator: ", ")
    throw SettingsError("unknown key \(name(unknown.key)); known are: \(known)", at: unknown.place)
  }

  package func text(_ key: String) throws -> String? {
    guard let node = node(key) else { return nil }
    return try Self.text(node, name(key))
  }

  package func text(_ key: String, default value: String) throws -> String { try text(key) ?? value }

  package func requiredText(_ key: String) throws -> String {
    guard let text = try text(key) else { throw missing(key) }
    return text
  }

  /// One text, or a list of texts.
  package func texts(_ key: String) throws -> [String]? {
    guard let node = node(key) else { return nil }
    guard case .sequence(let items, _) = node else { return [try Self.text(node, name(key))] }
    return try items.map { try Self.text($0, name(key)) }
  }

  package func integer(_ key: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
    guard let node = node(key) else { return value }
    guard let number = Int(try Self.text(node, name(key))), range.contains(number) else {
      throw SettingsError(
        "\(name(key)) must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: node.place)
    }
    return number
  }

  package func flag(_ key: String, default value: Bool) throws -> Bool {
    guard let node = node(key) else { return value }
    switch try Self.text(node, name(key)) {
    case "true", "yes": return true
    case "false", "no": return false
    default: throw SettingsError("\(name(key)) must be true or false", at: node.place)
    }
  }

  /// A number with a unit: `250ms`, `10s`, `5min`, `24h`, `90d`; plain `0` too.
  ///
  /// - Parameter least: for what must not be zero, such as a pause between two tries.
  package func duration(_ key: String, default value: Duration, atLeast least: Duration = .zero) throws -> Duration {
    let found =
      try quantity(
        key,
        units: [
          ("ms", .milliseconds(1)), ("min", .seconds(60)), ("s", .seconds(1)), ("h", .seconds(3600)),
          ("d", .seconds(86400)),
        ],
        example: "a duration such as 250ms, 10s, 5min, 24h or 90d", zero: .zero, times: { $1 * $0 }) ?? value
    guard found >= least else { throw error(key, "must be longer than 0") }
    return found
  }

  /// A number of bytes with a unit: `512KB`, `18MB`, `1GB` (powers of 1000), `9000B`; more than zero.
  package func size(_ key: String, default value: Int) throws -> Int {
    let found =
      try quantity(
        key, units: [("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1)],
        example: "a size such as 512KB or 18MB", zero: 0, times: { $0 * $1 }) ?? value
    guard found > 0 else { throw error(key, "must be more than 0") }
    return found
  }

  /// An absolute path.
  package func path(_ key: String) throws -> String? {
    guard let path = try text(key) else { return nil }
    guard path.hasPrefix("/") else { throw error(key, "must be an absolute path: \(path)") }
    return path
  }

  /// One absolute path, or a list of at least one.
  package func paths(_ key: String) throws -> [String]? {
    guard let node = node(key) else { return nil }
    let items = if case .sequence(let items, _) = node { items } else { [node] }
    guard !items.isEmpty else { throw error(key, "names no folder") }
    return try items.map { item in
      let path = try Self.text(item, name(key))
      guard path.hasPrefix("/") else {
        throw SettingsError("\(name(key)) must be absolute paths: \(path)", at: item.place)
      }
      return path
    }
  }

  private func quantity<T>(
    _ key: String, units: [(String, T)], example: String, zero: T, times: (Int, T) -> T
  ) throws -> T? {
    guard let node = node(key) else { return nil }
    let text = try Self.text(node, name(key))
    if text == "0" { return zero }
    for (suffix, unit) in units where text.hasSuffix(suffix) {
      let digits = text.dropLast(suffix.count)
      let number = digits.last == " " ? digits.dropLast() : digits
      if number.allSatisfy(\.isNumber), let count = Int(number), count <= 1_000_000 { return times(count, unit) }
    }
    throw SettingsError("\(name(key)) must be \(example)", at: node.place)
  }

  package func mapping(_ key: String) throws -> Settings? {
    guard let node = node(key) else { return nil }
    return try Settings(node, path: name(key))
  }

  package func requiredMapping(_ key: String) throws -> Settings {
    guard let mapping = try mapping(key) else { throw missing(key) }
    return mapping
  }

  /// A list of mappings.
  package func mappings(_ key: String) throws -> [Settings]? {
    guard let node = node(key) else { return nil }
    guard case .sequence(let items, _) = node else {
      throw SettingsError("\(name(key)) must be a list", at: node.place)
    }
    return try items.enumerated().map { try Settings($1, path: "\(name(key))[\($0)]") }
  }

  /// The error for a key without a value: at the key when it is there, else where the mapping begins.
  package func missing(_ key: String) -> SettingsError {
    guard let entry = entries.first(where: { $0.key == key }) else {
      return SettingsError("\(name(key)) is missing", at: place)
    }
    return SettingsError("\(name(key)) has no value", at: entry.place)
  }

  /// An error about the value of a key, at its place.
  package func error(_ key: String, _ text: String) -> SettingsError {
    let entry = entries.first { $0.key == key }
    return SettingsError("\(name(key)) \(text)", at: entry?.value.place ?? place)
  }

  private static func text(_ node: SettingsNode, _ name: String) throws -> String {
    guard case .scalar(let text, _, _) = node else {
      throw SettingsError("\(name) must be a single value", at: node.place)
    }
    return text
  }
}
