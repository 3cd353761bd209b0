/// A piece of the configuration file with its place in it, as the YAML reader found it.
package indirect enum SettingsNode: Sendable {
  package struct Entry: Sendable {
    package var key: String
    package var place: Place
    package var value: SettingsNode

    package init(key: String, place: Place, value: SettingsNode) {
      self.key = key
      self.place = place
      self.value = value
    }
  }

  /// A text; `isPlain` tells that it was not quoted.
  case scalar(String, isPlain: Bool, Place)
  case sequence([SettingsNode], Place)
  case mapping([Entry], Place)

  package var place: Place {
    switch self {
    case .scalar(_, _, let place), .sequence(_, let place), .mapping(_, let place): place
    }
  }

  /// Whether nothing was written: `key:` or `~`.
  var isNull: Bool {
    if case .scalar(let text, true, _) = self { return text.isEmpty || text == "~" || text == "null" }
    return false
  }
}

/// A position in the configuration file; both from 1.
package struct Place: Sendable, Hashable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// What is wrong with the configuration, and where. The reader of the file puts its name in front.
package struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
  package var place: Place
  package var text: String

  package init(_ text: String, at place: Place) {
    self.text = text
    self.place = place
  }

  package var description: String { "\(place.line):\(place.column): \(text)" }
}
