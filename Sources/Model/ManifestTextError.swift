/// Why the text of a manifest cannot be read.
package enum ManifestTextError: Error, Sendable, Hashable {
  /// These bytes are no text in the encoding.
  ///
  /// - Parameters:
  ///   - offset: of the first such byte, from 0.
  ///   - line: that it stands on, from 1.
  ///   - suggestion: another encoding, in which they are; nil where that is not known.
  case invalid(encoding: ManifestEncoding, offset: Int, line: Int, suggestion: ManifestEncoding? = nil)
  /// No encoding was named, and the usual one yields letters that no word has.
  ///
  /// - Parameters:
  ///   - line: of the first such letter, from 1.
  ///   - guess: how the usual encoding reads the cell.
  ///   - suggestion: how the most likely one does; it may be the same one.
  case unclear(line: Int, guess: ManifestReading, suggestion: ManifestReading)
  /// More marks follow a letter than the daemon takes (`surplusMark`).
  ///
  /// - Parameter line: that it stands on, from 1.
  case tooManyMarks(line: Int)
  /// It is no text in rows.
  case foreign(path: String, ForeignFile)
  /// A device or a socket.
  case notAFile(path: String)
  /// Standard input is longer than `ManifestText.maximumSizeInBytes`.
  case tooLarge
  /// The file, or the temporary copy of standard input. `reason`: errno's words.
  case system(path: String, reason: String)
}

/// Some text of a manifest as one encoding reads it.
package struct ManifestReading: Sendable, Hashable {
  package var encoding: ManifestEncoding
  /// A cell or a part of one; U+FFFD where a byte means nothing.
  package var excerpt: String

  package init(encoding: ManifestEncoding, excerpt: String) {
    self.encoding = encoding
    self.excerpt = excerpt
  }
}
