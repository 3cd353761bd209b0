/// One tag of a Mustache text: `{{name}}`, `{{#name}}`, `{{> name}}`….
struct TemplateTag: Sendable {
  /// The character behind the braces: `#^/>!<$={&%`; nil for a plain variable.
  let sigil: Character?
  let name: String
  /// In characters of the file, from 1.
  let line: Int
  let column: Int
  /// The text between the tag before and this one.
  let textSizeInBytes: Int
  let lineBreaks: Int
  /// Blanks on the tag's line before it: at least as many as the library puts before each line of a partial.
  let blanks: Int
  /// Whether `}}` follows.
  let isClosed: Bool
  /// Whether a line break follows the braces: the library takes such a tag for text.
  let isBroken: Bool

  /// Whether it names a value: a variable or a section.
  var isValue: Bool { sigil.map { "#^{&".contains($0) } ?? true }

  /// Opens what a tag with `/` closes.
  var isOpening: Bool { sigil == "#" || sigil == "^" || sigil == "<" || sigil == "$" }
}

/// Reads the tags of a Mustache text in one pass, as the library will find them: by characters, not by bytes.
struct TemplateScanner {
  private static let sigils: Set<Character> = ["#", "^", "/", ">", "!", "<", "$", "=", "{", "&", "%"]

  private let text: String
  private var index: String.Index
  private var line = 1
  private var column = 1
  private var blanks = 0
  /// Of the text behind the last tag.
  private(set) var textSizeInBytes = 0
  private(set) var lineBreaks = 0

  /// Braces that have been seen outside tags, and the two ends of each tag. The library measures the rest of the text at
  /// each of them.
  private(set) var marks = 0

  init(_ text: String) {
    self.text = text
    index = text.startIndex
  }

  /// The next tag; nil at the end of the text.
  mutating func next() -> TemplateTag? {
    while let character = current {
      guard character == "{" else {
        advanceText(over: character)
        continue
      }
      marks += 1
      let start = (line, column)
      advance(over: character)
      guard current == "{" else {
        textSizeInBytes += 1
        continue
      }
      advance(over: "{")
      return tag(at: start)
    }
    return nil
  }

  private var current: Character? { index < text.endIndex ? text[index] : nil }

  private mutating func tag(at start: (line: Int, column: Int)) -> TemplateTag {
    let sigil = current.flatMap { Self.sigils.contains($0) ? $0 : nil }
    let isBroken = current?.isNewline ?? false
    let blanksBefore = blanks
    if let sigil { advance(over: sigil) }
    var name = ""
    var isNameComplete = false
    var isClosed = false
    while let character = current {
      advance(over: character)
      if character == "}" {
        isNameComplete = true
        if current == "}" {
          advance(over: "}")
          isClosed = true
          break
        }
      } else if !isNameComplete, !character.isWhitespace {
        name.append(character)
      }
    }
    marks += 1
    defer { (textSizeInBytes, lineBreaks) = (0, 0) }
    return TemplateTag(
      sigil: sigil, name: name, line: start.line, column: start.column, textSizeInBytes: textSizeInBytes,
      lineBreaks: lineBreaks, blanks: blanksBefore, isClosed: isClosed, isBroken: isBroken)
  }

  private mutating func advanceText(over character: Character) {
    textSizeInBytes += character.utf8.count
    if character.isNewline { lineBreaks += 1 }
    advance(over: character)
  }

  private mutating func advance(over character: Character) {
    index = text.index(after: index)
    if character == "\n" {
      (line, column, blanks) = (line + 1, 1, 0)
    } else {
      column += 1
      if character == " " || character == "\t" { blanks += 1 }
    }
  }
}
