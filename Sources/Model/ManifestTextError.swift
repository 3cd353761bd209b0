/// Why the text of a manifest cannot be read.
package enum ManifestTextError: Error, Sendable, Hashable {
  /// These bytes are no text in the encoding: another one has to be named.
  ///
  /// - Parameters:
  ///   - offset: of the first such byte, from 0.
  ///   - line: that it stands on, from 1.
  case invalid(encoding: ManifestEncoding, offset: Int, line: Int)
  /// Standard input is longer than `ManifestText.maximumSizeInBytes`.
  case tooLarge
  /// The file, or the temporary copy of standard input. `reason`: errno's words.
  case system(path: String, reason: String)
}
