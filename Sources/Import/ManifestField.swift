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
