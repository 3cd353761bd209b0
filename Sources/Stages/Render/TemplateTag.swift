/// One tag of a Mustache text: `{{name}}`, `{{#name}}`, `{{> name}}`….
struct TemplateTag {
  /// The character behind the braces: `#^/>!<$={&%`; nil for a plain variable.
  let sigil: Character?
  let name: String
  /// In characters of the file, from 1.
  let line: Int
  let column: Int

  /// Whether it names a value: a variable or a section.
  var isValue: Bool { sigil.map { "#^{&".contains($0) } ?? true }

  private static let sigils: Set<Character> = ["#", "^", "/", ">", "!", "<", "$", "=", "{", "&", "%"]

  /// The tags of a text that the library has parsed already. Ends at the first change of delimiters.
  static func all(in text: String) -> [TemplateTag] {
    var tags: [TemplateTag] = []
    for (index, tail) in positions(of: "{{", in: text) {
      let body = tail.dropFirst(2)
      let sigil = body.first.flatMap { sigils.contains($0) ? $0 : nil }
      let name = body.dropFirst(sigil == nil ? 0 : 1).prefix { $0 != "}" }
      let before = text[..<index]
      let lineStart = before.lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
      tags.append(
        TemplateTag(
          sigil: sigil, name: name.filter { !$0.isWhitespace }, line: before.count(where: { $0 == "\n" }) + 1,
          column: text.distance(from: lineStart, to: index) + 1))
      if sigil == "=" { break }
    }
    return tags
  }

  /// Where tags begin; what stands inside a tag, such as a comment's text, is passed over.
  private static func positions(of opening: String, in text: String) -> [(String.Index, Substring)] {
    var found: [(String.Index, Substring)] = []
    var rest = text[...]
    while let range = rest.firstRange(of: opening) {
      found.append((range.lowerBound, rest[range.lowerBound...]))
      rest = rest[range.upperBound...]
      guard let end = rest.firstRange(of: "}}") else { break }
      rest = rest[end.upperBound...]
    }
    return found
  }
}
