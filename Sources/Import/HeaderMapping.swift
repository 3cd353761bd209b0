/// What the headers of a manifest, or the keys of its JSON objects, mean.
package struct HeaderMapping: Sendable {
  private var fields: [String: ManifestField] = [:]

  /// - Parameter names: header → our name, as in `numéro` → `number`; a name that is none of
  ///   `ManifestField.Builtin` makes a template field of that name. These come before the built-in names, which always
  ///   hold. Headers are compared trimmed, in normal form C and without regard to case.
  package init(_ names: [String: String] = [:]) {
    for field in ManifestField.Builtin.allCases { fields[field.rawValue] = .builtin(field) }
    for (header, name) in names {
      let name = name.trimmed.composed
      fields[Self.key(header)] = ManifestField.Builtin(rawValue: name).map { .builtin($0) } ?? .template(name)
    }
  }

  /// A header without a meaning of its own is a template field under its own name, trimmed and in normal form C; its
  /// capitals stay, and templates find it without regard to them.
  package func field(of header: String) -> ManifestField {
    fields[Self.key(header)] ?? .template(header.trimmed.composed)
  }

  /// All headers that mean this field, sorted: what a manifest without it is told.
  package func headers(of field: ManifestField.Builtin) -> [String] {
    fields.filter { $0.value == .builtin(field) }.keys.sorted()
  }

  private static func key(_ header: String) -> String { header.trimmed.composed.lowercased() }
}

/// What a column of a manifest means to us.
package enum ManifestField: Sendable, Hashable {
  case builtin(Builtin)
  /// A field for the templates, by its name there.
  case template(String)

  /// What no second column of a table may have: names of fields differ in more than capitals.
  var identity: ManifestField {
    guard case .template(let name) = self else { return self }
    return .template(name.lowercased())
  }

  /// The fields with a meaning of their own; their raw values are the names that need no mapping.
  package enum Builtin: String, Sendable, Hashable, CaseIterable {
    case number, cct, period, file, attachments, to, cc, bcc, language
    case sentAt = "sent_at"

    /// Whether no invoice can be without it.
    package var isMandatory: Bool {
      switch self {
      case .number, .cct, .period, .file, .to: true
      case .attachments, .cc, .bcc, .language, .sentAt: false
      }
    }
  }
}
