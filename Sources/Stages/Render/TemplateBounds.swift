import Model

/// What a template may ask of the library, which nests as deep as the text does and expands partials without counting.
///
/// Checked on the text before the library sees it: a template is read again by a daemon in the middle of its work, and
/// must not be able to end or to stop it.
enum TemplateBounds {
  /// Sections, blocks and partials inside each other; the library needs some KiB of stack for each.
  static let maximumDepth = 32
  /// Tags that a rendering comes by, each partial's as often as it is named.
  static let maximumTags = 10_000
  /// Text that a rendering comes by, without the values, counted in the same way.
  static let maximumTextSizeInBytes = TemplateFolders.maximumSizeInBytes
  /// Values that one mail takes up. A line of a manifest has at most 64 KiB.
  static let maximumValuesSizeInBytes = 1 << 20
  /// For the texts of a mail's subject, text or HTML and their partials: the sum of size × marks (`TemplateScanner`). The
  /// library counts the characters up to the end of the text at each mark. This takes it some seconds at most: 2,000 tags
  /// in 100 KiB, or 200 in 1 MiB.
  static let maximumWork = 400_000_000

  /// Throws for a text in which one character is made of so many marks that comparing it costs minutes.
  static func checkMarks(of text: String, file: String) throws(TemplateError) {
    guard let mark = text.surplusMark else { return }
    let line = 1 + text.utf8[..<mark].count { $0 == UInt8(ascii: "\n") }
    throw TemplateError(
      file: file, line: line,
      reason: "more than \(String.maximumMarks) combining marks follow each other; take them out")
  }
}
