/// Language tags (RFC 5646) as far as templates need them: lower case, subtags joined by hyphens.
enum LanguageTag {
  /// Whether the text is written as this program writes a tag: `fr`, `fr-be`.
  static func isCanonical(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy {
        (1...8).contains($0.utf8.count)
          && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
      }
  }

  /// The tag itself, then ever shorter ones (RFC 4647, section 3.4): `fr-BE` → `fr-be`, `fr`.
  static func fallbacks(of text: String) -> [String] {
    let subtags = text.lowercased().replacing("_", with: "-").split(separator: "-")
    return (0..<subtags.count).map { subtags.dropLast($0).joined(separator: "-") }
  }
}
