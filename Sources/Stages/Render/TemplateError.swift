/// What is wrong with a template, and where: a mistake of the configuration, found before anything is sent.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Path of the file, or `subject` for the text in the configuration.
  package var file: String
  /// From 1; nil where the file as a whole is meant.
  package var line: Int?
  /// In characters, from 1; nil where the line or the file as a whole is meant.
  package var column: Int?
  /// The cause and what to do, in English, for the operator.
  package var reason: String

  package init(file: String, line: Int? = nil, column: Int? = nil, reason: String) {
    self.file = file
    self.line = line
    self.column = column
    self.reason = reason
  }

  /// `file:line:column: reason`.
  package var description: String {
    ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":") + ": " + reason
  }
}
